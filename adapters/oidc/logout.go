package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"meet/domain"
)

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// logoutLife is how far in the future a logout token may expire: it has to be
// remembered until then.
const logoutLife = 366 * 24 * time.Hour

// logoutClaims are the claims of a logout token.
type logoutClaims struct {
	claims
	Subject string                     `json:"sub"`
	SID     string                     `json:"sid"`
	ID      string                     `json:"jti"`
	Nonce   json.RawMessage            `json:"nonce"`
	Events  map[string]json.RawMessage `json:"events"`
}

// VerifyLogoutToken implements ports.IdentityProvider (OIDC Back-Channel
// Logout 1.0, section 2.6). Strangers may send made-up tokens, so nothing
// waits here until keys may be downloaded again: the provider is to come again.
func (p *Provider) VerifyLogoutToken(ctx context.Context, raw string) (domain.LogoutNotice, error) {
	m, err := p.metadata(ctx)
	if err != nil {
		return domain.LogoutNotice{}, err
	}
	algorithms := []string{p.config.Algorithm}
	if !strings.HasPrefix(p.config.Algorithm, "HS") {
		algorithms = append(algorithms, "RS256", "ES256")
	}
	var known logoutClaims
	parsed, err := parse(raw, algorithms, "OIDC_RP_SIGN_ALGO", &known)
	if err != nil {
		return domain.LogoutNotice{}, fmt.Errorf("%w: it %w", domain.ErrLogoutToken, err)
	}
	if fault := known.fault(m.issuer, p.config.ClientID, parsed.kind); fault != "" {
		return domain.LogoutNotice{}, fmt.Errorf("%w: %s", domain.ErrLogoutToken, fault)
	}
	switch err := p.verify(ctx, m, parsed, time.Now(), false); {
	case errors.Is(err, errPaused):
		return domain.LogoutNotice{}, fmt.Errorf("%w: %w", domain.ErrLogoutUnverified, err)
	case errors.Is(err, errNoKey) || errors.Is(err, errNotOurSecret):
		return domain.LogoutNotice{}, fmt.Errorf("%w: %w", domain.ErrLogoutToken, err)
	case err != nil:
		return domain.LogoutNotice{}, upstream("keys", err)
	}
	if known.Subject == "" && known.SID == "" {
		return domain.LogoutNotice{}, domain.ErrLogoutSubject
	}
	return domain.LogoutNotice{Subject: known.Subject, SID: known.SID, ID: known.ID, ExpiresAt: known.expires().Add(leeway)}, nil
}

// fault says what is wrong with the claims, "" for nothing.
func (c logoutClaims) fault(issuer, clientID, kind string) string {
	var event map[string]any
	_ = json.Unmarshal(c.Events[logoutEvent], &event) // leaves nil what is no object
	switch err := c.check(issuer, clientID); {
	case !slices.Contains([]string{"", "jwt", "logout+jwt"}, kind):
		return "a token of another kind"
	case err != nil:
		return err.Error()
	case c.Issuer == "":
		return "no iss"
	case c.Expiry == nil:
		return "no exp"
	case c.expires().After(time.Now().Add(logoutLife)):
		return "expires in more than a year"
	case c.IssuedAt == nil:
		return "no iat"
	case event == nil:
		return "not a logout event"
	case c.Nonce != nil:
		return "has a nonce"
	case c.ID == "":
		return "no jti"
	}
	return ""
}
