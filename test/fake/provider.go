package fake

import (
	"context"
	"net/url"
	"sync"
	"time"

	"meet/domain"
	"meet/ports"
)

// Provider implements ports.IdentityProvider: a code is a key of People, and
// a logout token one of Notices.
type Provider struct {
	mu            sync.Mutex
	People        map[string]map[string]any // claims by code
	Notices       map[string]domain.LogoutNotice
	EndSession    string              // "" for no place to sign out
	EmailVerified domain.Verification // of every id token
	Err           error               // what every call answers
	Attempts      []domain.SignInAttempt
}

var _ ports.IdentityProvider = (*Provider)(nil)

// NewProvider knows nobody yet.
func NewProvider() *Provider {
	return &Provider{People: map[string]map[string]any{}, Notices: map[string]domain.LogoutNotice{}}
}

// AuthorizationURL implements ports.IdentityProvider.
func (p *Provider) AuthorizationURL(_ context.Context, attempt domain.SignInAttempt, redirectURI, loginHint string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Attempts = append(p.Attempts, attempt)
	query := url.Values{"state": {attempt.State}, "redirect_uri": {redirectURI}}
	if loginHint != "" {
		query.Set("login_hint", loginHint)
	}
	if attempt.Silent {
		query.Set("prompt", "none")
	}
	return "https://idp.example/authorize?" + query.Encode(), p.Err
}

// Identify implements ports.IdentityProvider.
func (p *Provider) Identify(_ context.Context, _ domain.SignInAttempt, code, _, _ string) (domain.Identity, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	claims, known := p.People[code]
	if p.Err != nil || !known {
		if p.Err != nil {
			return domain.Identity{}, p.Err
		}
		return domain.Identity{}, domain.ErrSignInRefused
	}
	subject, _ := claims["sub"].(string)
	sid, _ := claims["sid"].(string)
	return domain.Identity{Subject: subject, Claims: claims, EmailVerified: p.EmailVerified, IDToken: "id-token-of-" + code, SID: sid}, nil
}

// EndSessionURL implements ports.IdentityProvider.
func (p *Provider) EndSessionURL(_ context.Context, idToken, state, redirectURI string) (string, error) {
	if p.EndSession == "" || p.Err != nil {
		return "", p.Err
	}
	return p.EndSession + "?" + url.Values{
		"id_token_hint": {idToken}, "state": {state}, "post_logout_redirect_uri": {redirectURI},
	}.Encode(), nil
}

// VerifyLogoutToken implements ports.IdentityProvider.
func (p *Provider) VerifyLogoutToken(_ context.Context, token string) (domain.LogoutNotice, error) {
	notice, known := p.Notices[token]
	if notice.ExpiresAt.IsZero() {
		notice.ExpiresAt = time.Now().Add(24 * time.Hour)
	}
	switch {
	case !known:
		return notice, domain.ErrLogoutToken
	case notice.Subject == "" && notice.SID == "":
		return notice, domain.ErrLogoutSubject
	}
	return notice, p.Err
}
