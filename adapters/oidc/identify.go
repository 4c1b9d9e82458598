package oidc

import (
	"context"
	"errors"

	"github.com/go-jose/go-jose/v4"
	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"
	"golang.org/x/oauth2"

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
	token, err := p.exchange(ctx, m, attempt, code, redirectURI)
	if err != nil {
		return domain.Identity{}, err
	}
	raw, _ := token.Extra("id_token").(string)
	claims, err := p.verifyIDToken(ctx, m, raw, attempt.Nonce)
	if err != nil {
		return domain.Identity{}, err
	}
	userinfo, err := p.userinfo(ctx, m, token.AccessToken)
	if err != nil {
		return domain.Identity{}, err
	}
	if sub, _ := userinfo["sub"].(string); sub != claims.Subject {
		return domain.Identity{}, refused("userinfo is about another subject (OIDC Core 5.3.2)")
	}
	sid, _ := claims.Claims["sid"].(string)
	return domain.Identity{Subject: claims.Subject, Claims: userinfo, IDToken: raw, SID: sid}, nil
}

// exchange trades the code for tokens (OIDC Core 3.1.3).
func (p *Provider) exchange(ctx context.Context, m *metadata, attempt domain.SignInAttempt, code, redirectURI string) (*oauth2.Token, error) {
	var options []oauth2.AuthCodeOption
	if attempt.Verifier != "" {
		options = append(options, oauth2.VerifierOption(attempt.Verifier))
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, p.client)
	token, err := p.oauth(m, redirectURI).Exchange(ctx, code, options...)
	if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return nil, refused("the token endpoint answered %d %q", answer.Response.StatusCode, answer.ErrorCode)
	}
	if isUpstream(err) {
		return nil, upstream("token endpoint", err)
	}
	if err != nil {
		return nil, upstream("token endpoint", errors.New("unreadable answer"))
	}
	return token, nil
}

// verifyIDToken checks everything that OIDC Core 3.1.3.7 asks for.
func (p *Provider) verifyIDToken(ctx context.Context, m *metadata, raw, nonce string) (*zitadel.IDTokenClaims, error) {
	claims := new(zitadel.IDTokenClaims)
	payload, err := zitadel.ParseToken(raw, claims)
	if err != nil {
		return nil, refused("unreadable id_token")
	}
	checks := []func() error{
		func() error { return zitadel.CheckSubject(claims) },
		func() error { return checkIssuer(claims, m.issuer) },
		func() error { return zitadel.CheckAudience(claims, p.config.ClientID) },
		func() error { return zitadel.CheckAuthorizedParty(claims, p.config.ClientID) },
		func() error { return p.checkSignature(ctx, m, raw, payload, claims) },
		func() error { return zitadel.CheckExpiration(claims, -leeway) },
		func() error { return zitadel.CheckIssuedAt(claims, 0, leeway) },
		func() error { return checkNotBefore(claims.NotBefore) },
	}
	if p.config.UseNonce {
		checks = append(checks, func() error { return checkNonce(claims, nonce) })
	}
	for _, check := range checks {
		switch err := check(); {
		case isUpstream(err):
			return nil, upstream("keys", err)
		case err != nil:
			return nil, refused("id_token: %v", err)
		}
	}
	return claims, nil
}

func checkIssuer(claims zitadel.Claims, issuer string) error {
	if issuer == "" { // allowed to be unknown
		return nil
	}
	return zitadel.CheckIssuerWithISSVerifier(claims, issuer, zitadel.DefaultISSVerifier(issuer))
}

// checkNonce keeps the nonces out of the error, which is logged.
func checkNonce(claims zitadel.Claims, nonce string) error {
	if zitadel.CheckNonce(claims, nonce) != nil {
		return zitadel.ErrNonceInvalid
	}
	return nil
}

func checkNotBefore(notBefore zitadel.Time) error {
	if notBefore != 0 && notBefore.AsTime().After(zitadel.NowTime().AsTime().Add(leeway)) {
		return errors.New("not valid yet")
	}
	return nil
}

func (p *Provider) checkSignature(ctx context.Context, m *metadata, raw string, payload []byte, claims zitadel.ClaimsSignature) error {
	return zitadel.CheckSignature(ctx, raw, payload, claims, []string{p.config.Algorithm}, m.keys)
}

// sharedSecret verifies tokens that are signed with the client secret.
type sharedSecret string

// VerifySignature implements the library's KeySet.
func (s sharedSecret) VerifySignature(_ context.Context, signed *jose.JSONWebSignature) ([]byte, error) {
	return signed.Verify([]byte(s))
}
