package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// asymmetric are the algorithms whose signatures the provider's published keys
// verify.
var asymmetric = []string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA"}

// claims are those that we check in every token. Other claims are nobody's
// business: a provider may send them in any shape.
type claims struct {
	Issuer    string           `json:"iss"`
	Audience  jwt.Audience     `json:"aud"`
	Expiry    *jwt.NumericDate `json:"exp"`
	NotBefore *jwt.NumericDate `json:"nbf"`
	IssuedAt  *jwt.NumericDate `json:"iat"`
}

// check compares the claims with what is expected, as far as they are there.
// An issuer of "" is allowed to be any.
func (c claims) check(issuer, clientID string) error {
	return jwt.Claims{
		Issuer: c.Issuer, Audience: c.Audience, Expiry: c.Expiry, NotBefore: c.NotBefore, IssuedAt: c.IssuedAt,
	}.ValidateWithLeeway(jwt.Expected{Issuer: issuer, AnyAudience: jwt.Audience{clientID}}, leeway)
}

// otherKinds are the types (RFC 8725, section 3.11) of tokens that are no id
// tokens and no userinfo.
var otherKinds = []string{"at+jwt", "logout+jwt", "secevent+jwt", "token-introspection+jwt", "dpop+jwt", "oauth-authz-req+jwt"}

// token is a JWT whose signature is not verified yet.
type token struct {
	signed *jose.JSONWebSignature
	kind   string // "typ", in lower case and without "application/"
}

// parse reads a token that is signed with one of the algorithms, and decodes
// its claims, which must not be believed before its signature is verified.
func parse(raw string, algorithms []string, setting string, claims any) (*token, error) {
	accepted := make([]jose.SignatureAlgorithm, 0, len(algorithms))
	for _, name := range algorithms {
		accepted = append(accepted, jose.SignatureAlgorithm(name))
	}
	signed, err := jose.ParseSignedCompact(strings.TrimSpace(raw), accepted)
	if other, ok := errors.AsType[*jose.ErrUnexpectedSignatureAlgorithm](err); ok {
		return nil, fmt.Errorf("is signed with %q, %s allows %s", said(string(other.Got)), setting, strings.Join(algorithms, ", "))
	}
	if err != nil || len(signed.Signatures) != 1 {
		return nil, errors.New("is not a signed JWT")
	}
	if err := json.Unmarshal(signed.UnsafePayloadWithoutVerification(), claims); err != nil {
		return nil, fmt.Errorf("has a claim of another type: %w", err)
	}
	kind, _ := signed.Signatures[0].Protected.ExtraHeaders[jose.HeaderType].(string)
	return &token{signed, strings.TrimPrefix(strings.ToLower(kind), "application/")}, nil
}

var errNotOurSecret = errors.New("is not signed with the client secret")

// verify checks the signature of a token that was made at the time came: HMAC
// with the client secret, all others with the provider's keys.
func (p *Provider) verify(ctx context.Context, m *metadata, t *token, came time.Time, patient bool) error {
	if algorithm := t.signed.Signatures[0].Header.Algorithm; slices.Contains(asymmetric, algorithm) {
		return m.keys.verify(ctx, t.signed, came, patient)
	}
	if _, err := t.signed.Verify([]byte(p.config.ClientSecret)); err != nil {
		return errNotOurSecret
	}
	return nil
}

// isOther reports whether the token calls itself one of another kind.
func (t *token) isOther() bool { return slices.Contains(otherKinds, t.kind) }

// expires is when the token may no longer be used.
func (c claims) expires() time.Time {
	if c.Expiry == nil {
		return time.Time{}
	}
	return c.Expiry.Time()
}
