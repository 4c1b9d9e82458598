package oidc

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// How we prove to the token endpoint who we are (OpenID Connect Core 1.0,
// section 9).
const (
	authPost       = "client_secret_post"
	authBasic      = "client_secret_basic"
	authPrivateKey = "private_key_jwt"
)

var errAuthMethod = errors.New("at the token endpoint the provider takes")

// authMethod chooses among the methods that the provider announces, if any.
// An error names the method that the provider wants and we cannot do.
func (c Config) authMethod(announced []string) (string, error) {
	takes := func(method string) bool { return slices.Contains(announced, method) }
	secret := takes(authPost) || takes(authBasic)
	switch {
	case c.ClientKey != nil && (c.ClientKeyOnly || c.ClientSecret == "" || takes(authPrivateKey) && !secret):
		return authPrivateKey, nil
	case c.BasicAuth, takes(authBasic) && !takes(authPost):
		return authBasic, nil
	case len(announced) == 0 || takes(authPost) || takes("none") && c.ClientSecret == "":
		return authPost, nil
	case takes(authPrivateKey):
		return "", fmt.Errorf("%w private_key_jwt only: set OIDC_RP_PRIVATE_KEY_STR to a private key whose public part is registered there", errAuthMethod)
	default:
		return "", fmt.Errorf("%w %s only; the server can do %s, %s and %s", errAuthMethod, said(strings.Join(announced, ", ")), authPost, authBasic, authPrivateKey)
	}
}

const assertionLife = time.Minute

// assert adds a client assertion (RFC 7523, section 2.2) to the form.
func (p *Provider) assert(m *metadata, form url.Values) error {
	algorithm, err := SigningAlgorithm(p.config.ClientKey.Key, m.assertionAlgorithms)
	if err != nil {
		return err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: p.config.ClientKey}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return err
	}
	now := time.Now()
	assertion, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: p.config.ClientID, Subject: p.config.ClientID, Audience: jwt.Audience{m.token}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(assertionLife)),
	}).Serialize() //nolint:misspell // the library spells it so
	form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	form.Set("client_assertion", assertion)
	return err
}

// SigningAlgorithm is the one in which the private key signs: of those that
// are announced where the key can do several.
func SigningAlgorithm(key any, announced []string) (jose.SignatureAlgorithm, error) {
	switch private := key.(type) {
	case *rsa.PrivateKey:
		for _, algorithm := range []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.RS384, jose.PS384, jose.RS512, jose.PS512} {
			if slices.Contains(announced, string(algorithm)) {
				return algorithm, nil
			}
		}
		return jose.RS256, nil
	case *ecdsa.PrivateKey:
		if algorithm, known := map[int]jose.SignatureAlgorithm{256: jose.ES256, 384: jose.ES384, 521: jose.ES512}[private.Curve.Params().BitSize]; known {
			return algorithm, nil
		}
	case ed25519.PrivateKey:
		return jose.EdDSA, nil
	}
	return "", errors.New("the private key can sign nothing: an RSA, ECDSA or Ed25519 key is needed")
}
