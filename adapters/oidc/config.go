package oidc

import (
	"crypto"
	"net/url"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

// Config describes the provider and our registration with it. The endpoints
// may be left empty for those the discovery document of Issuer tells.
type Config struct {
	Issuer             string // OIDC_OP_URL, exactly as in tokens' "iss"
	AllowUnknownIssuer bool   // no Issuer known, and "iss" is not checked

	AuthorizationEndpoint string
	TokenEndpoint         string
	UserinfoEndpoint      string
	JWKSEndpoint          string
	EndSessionEndpoint    string

	ClientID     string
	ClientSecret string
	BasicAuth    bool             // credentials in the header rather than the form
	ClientKey    *jose.JSONWebKey // private, for private_key_jwt (RFC 7523); nil for none
	// ClientKeyOnly prefers ClientKey to ClientSecret whatever the provider announces.
	ClientKeyOnly bool

	Algorithm   string // of id tokens
	Scopes      string
	ExtraParams map[string]string
	UseNonce    bool
	PlainPKCE   bool // "plain" instead of "S256"

	UserinfoFormat    string            // AUTO, JSON or JWT
	UserinfoAlgorithm string            // of signed userinfo, "" for those that the provider announces
	DecryptionKey     crypto.PrivateKey // for encrypted userinfo; nil for none

	Timeout   time.Duration
	VerifyTLS bool
	Proxy     *url.URL // http, https or socks5; nil for the environment's
}

// leeway is how far clocks may differ.
const leeway = 60 * time.Second
