package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"meet/domain"
)

// Identify implements ports.IdentityProvider.
func (p *Provider) Identify(ctx context.Context, attempt domain.SignInAttempt, code, issuer, redirectURI string) (domain.Identity, error) {
	m, err := p.metadata(ctx)
	if err != nil {
		return domain.Identity{}, err
	}
	if issuer != m.issuer && (issuer != "" && m.issuer != "" || m.announcesIss) {
		return domain.Identity{}, refused("authorization response of another issuer (RFC 9207)")
	}
	came := time.Now()
	tokens, err := p.exchange(ctx, m, attempt, code, redirectURI)
	if err != nil {
		return domain.Identity{}, err
	}
	known, err := p.verifyIDToken(ctx, m, tokens.IDToken, attempt.Nonce, came)
	if err != nil {
		return domain.Identity{}, err
	}
	userinfo, err := p.userinfo(ctx, m, tokens.AccessToken, came)
	if err != nil {
		return domain.Identity{}, err
	}
	if sub, _ := userinfo["sub"].(string); sub != known.Subject {
		return domain.Identity{}, refused("userinfo is about another subject (OIDC Core 5.3.2)")
	}
	sid, _ := known.SID.(string)
	return domain.Identity{
		Subject: known.Subject, Claims: userinfo, EmailVerified: domain.ReadVerification(known.EmailVerified), IDToken: tokens.IDToken, SID: sid,
	}, nil
}

// idClaims are the claims of an id token that we look at.
type idClaims struct {
	claims
	Subject         string `json:"sub"`
	Nonce           string `json:"nonce"`
	AuthorizedParty string `json:"azp"`
	SID             any    `json:"sid"`
	EmailVerified   any    `json:"email_verified"`
}

// verifyIDToken checks everything that OIDC Core 3.1.3.7 asks for.
func (p *Provider) verifyIDToken(ctx context.Context, m *metadata, raw, nonce string, came time.Time) (idClaims, error) {
	if raw == "" {
		return idClaims{}, refused("the provider sent no id_token: OIDC_RP_SCOPES must hold openid")
	}
	var known idClaims
	parsed, err := parse(raw, []string{p.config.Algorithm}, "OIDC_RP_SIGN_ALGO", &known)
	if err != nil {
		return idClaims{}, refused("the id_token %v", err)
	}
	if err := known.check(m.issuer, p.config.ClientID, parsed); err != nil {
		return idClaims{}, refused("id_token: %v", err)
	}
	if p.config.UseNonce && subtle.ConstantTimeCompare([]byte(known.Nonce), []byte(nonce)) != 1 {
		return idClaims{}, refused("id_token: the nonce does not match")
	}
	if err := p.verify(ctx, m, parsed, came, true); err != nil {
		return idClaims{}, p.unverified("id_token", parsed, err)
	}
	return known, nil
}

// check says what is wrong with the claims.
func (c idClaims) check(issuer, clientID string, parsed *token) error {
	if err := c.claims.check(issuer, clientID); err != nil {
		return err
	}
	switch {
	case parsed.isOther():
		return errors.New("is a token of another kind")
	case c.Subject == "":
		return errors.New("no subject")
	case len(c.Audience) > 1 && c.AuthorizedParty == "":
		return errors.New("several audiences and no azp")
	case c.AuthorizedParty != "" && c.AuthorizedParty != clientID:
		return errors.New("azp is another client")
	case c.Expiry == nil:
		return errors.New("no exp")
	case c.IssuedAt == nil:
		return errors.New("no iat")
	}
	return nil
}

// unverified says why a signature was not verified.
func (p *Provider) unverified(what string, parsed *token, err error) error {
	switch {
	case isUpstream(err):
		return upstream("keys", err)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s: %w", what, err)
	default:
		return refused("%s: %v (signed with %s; OIDC_RP_SIGN_ALGO is %s)", what, err, parsed.signed.Signatures[0].Header.Algorithm, p.config.Algorithm)
	}
}
