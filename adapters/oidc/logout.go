package oidc

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"

	"meet/domain"
)

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// logoutClaims are the library's, with what its signature check wants.
type logoutClaims struct{ zitadel.LogoutTokenClaims }

// SetSignatureAlgorithm implements the library's ClaimsSignature.
func (*logoutClaims) SetSignatureAlgorithm(jose.SignatureAlgorithm) {}

// VerifyLogoutToken implements ports.IdentityProvider (OIDC Back-Channel
// Logout 1.0, section 2.6).
func (p *Provider) VerifyLogoutToken(ctx context.Context, token string) (domain.LogoutNotice, error) {
	m, err := p.metadata(ctx)
	if err != nil {
		return domain.LogoutNotice{}, err
	}
	claims := new(logoutClaims)
	payload, err := zitadel.ParseToken(token, claims)
	if err != nil {
		return domain.LogoutNotice{}, fmt.Errorf("%w: unreadable", domain.ErrLogoutToken)
	}
	algorithms := []string{p.config.Algorithm}
	if m.jwksBased(p.config.Algorithm) {
		algorithms = append(algorithms, "RS256", "ES256")
	}
	if err := zitadel.CheckSignature(ctx, token, payload, claims, algorithms, m.keys); err != nil {
		if isUpstream(err) {
			return domain.LogoutNotice{}, upstream("keys", err)
		}
		return domain.LogoutNotice{}, fmt.Errorf("%w: %w", domain.ErrLogoutToken, err)
	}
	if fault := claims.fault(m.issuer, p.config.ClientID); fault != "" {
		return domain.LogoutNotice{}, fmt.Errorf("%w: %s", domain.ErrLogoutToken, fault)
	}
	if claims.Subject == "" && claims.SessionID == "" {
		return domain.LogoutNotice{}, domain.ErrLogoutSubject
	}
	return domain.LogoutNotice{Subject: claims.Subject, SID: claims.SessionID, ID: claims.JWTID}, nil
}

func (m *metadata) jwksBased(algorithm string) bool {
	_, shared := m.keys.(sharedSecret)
	return !shared && algorithm != ""
}

// fault says what is wrong with the claims, "" for nothing.
func (c *logoutClaims) fault(issuer, clientID string) string {
	now := time.Now()
	_, nonce := c.Claims["nonce"]
	_, event := c.Events[logoutEvent].(map[string]any)
	switch {
	case c.Issuer == "" || (issuer != "" && c.Issuer != issuer):
		return "another issuer"
	case !slices.Contains(c.Audience, clientID):
		return "another audience"
	case c.Expiration == 0 || c.Expiration.AsTime().Before(now.Add(-leeway)):
		return "expired"
	case c.IssuedAt == 0 || c.IssuedAt.AsTime().After(now.Add(leeway)):
		return "issued in the future"
	case !event:
		return "not a logout event"
	case nonce:
		return "has a nonce"
	case c.JWTID == "":
		return "no jti"
	}
	return ""
}
