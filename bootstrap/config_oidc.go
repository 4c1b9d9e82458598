package bootstrap

import (
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"meet/adapters/oidc"
	"meet/application/signin"
	"meet/bootstrap/settings"
	"meet/domain"
)

var algorithms = []string{
	"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA", "HS256", "HS384", "HS512",
}

func loadOIDC(read *settings.Reader, profile Profile) (oidc.Config, signin.Config) {
	provider := oidc.Config{
		Issuer:                endpoint(read, "OIDC_OP_URL"),
		AllowUnknownIssuer:    read.Bool("OIDC_ALLOW_UNKNOWN_ISSUER"),
		AuthorizationEndpoint: endpoint(read, "OIDC_OP_AUTHORIZATION_ENDPOINT"),
		TokenEndpoint:         endpoint(read, "OIDC_OP_TOKEN_ENDPOINT"),
		UserinfoEndpoint:      endpoint(read, "OIDC_OP_USER_ENDPOINT"),
		JWKSEndpoint:          jwks(read, profile),
		EndSessionEndpoint:    endpoint(read, "OIDC_OP_LOGOUT_ENDPOINT"),
		ClientID:              read.Text("OIDC_RP_CLIENT_ID"),
		ClientSecret:          read.Text("OIDC_RP_CLIENT_SECRET"),
		BasicAuth:             read.Bool("OIDC_TOKEN_USE_BASIC_AUTH"),
		Algorithm:             oneOf(read, "OIDC_RP_SIGN_ALGO", algorithms...),
		Scopes:                read.Text("OIDC_RP_SCOPES"),
		ExtraParams:           map[string]string{},
		UseNonce:              read.Bool("OIDC_USE_NONCE"),
		PlainPKCE:             oneOf(read, "OIDC_PKCE_CODE_CHALLENGE_METHOD", "S256", "plain") == "plain",
		UserinfoFormat:        oneOf(read, "OIDC_OP_USER_ENDPOINT_FORMAT", "AUTO", "JSON", "JWT"),
		Timeout:               read.Seconds("OIDC_TIMEOUT", 1),
		VerifyTLS:             read.Bool("OIDC_VERIFY_SSL"),
	}
	for name, value := range read.Dict("OIDC_AUTH_REQUEST_EXTRA_PARAMS") {
		provider.ExtraParams[name] = fmt.Sprint(value)
	}
	if read.Text("OIDC_OP_URL") == "" && read.Text("OIDC_OP_AUTHORIZATION_ENDPOINT") == "" {
		read.Refuse("OIDC_OP_URL", "no provider is configured: set it, or the OIDC_OP_*_ENDPOINT variables")
	}
	if strings.HasPrefix(provider.Algorithm, "HS") && provider.ClientSecret == "" {
		read.Refuse("OIDC_RP_CLIENT_SECRET", "%s needs it", provider.Algorithm)
	}
	if text := read.URL("OIDC_PROXY", "http", "https", "socks5", "socks5h"); text != "" {
		provider.Proxy, _ = url.Parse(text) // it was parsed before
	}
	if text := read.Text("OIDC_RS_PRIVATE_KEY_STR"); text != "" {
		key, err := privateKey(text)
		if err != nil {
			read.Refuse("OIDC_RS_PRIVATE_KEY_STR", "%s", err)
		}
		provider.DecryptionKey = key
	}
	return provider, loadSignIn(read)
}

// jwks is not looked at in the Test profile, where it is a made-up path.
func jwks(read *settings.Reader, profile Profile) string {
	if profile.Test {
		return read.Text("OIDC_OP_JWKS_ENDPOINT")
	}
	return endpoint(read, "OIDC_OP_JWKS_ENDPOINT")
}

func loadSignIn(read *settings.Reader) signin.Config {
	config := signin.Config{
		Language: read.Text("DJANGO_LANGUAGE_CODE"),
		Claims: domain.ClaimRules{
			FullNameFields: read.List("OIDC_USERINFO_FULLNAME_FIELDS"),
			ShortNameField: read.Text("OIDC_USERINFO_SHORTNAME_FIELD"),
			Essential:      read.List("OIDC_USERINFO_ESSENTIAL_CLAIMS"),
			SubImmutable:   read.Bool("OIDC_USER_SUB_FIELD_IMMUTABLE"),
			FallbackEmail:  read.Bool("OIDC_FALLBACK_TO_EMAIL_FOR_IDENTIFICATION"),
			CreateUsers:    read.Bool("OIDC_CREATE_USER"),
		},
		Returns: domain.ReturnRules{
			AllowedHosts: read.List("OIDC_REDIRECT_ALLOWED_HOSTS"),
			RequireHTTPS: read.Bool("OIDC_REDIRECT_REQUIRE_HTTPS"),
		},
	}
	if read.Bool("OIDC_USE_PKCE") {
		config.VerifierSize = read.Int("OIDC_PKCE_CODE_VERIFIER_SIZE", 43)
		if config.VerifierSize > 128 {
			read.Refuse("OIDC_PKCE_CODE_VERIFIER_SIZE", "at most 128 (RFC 7636)")
		}
	}
	return config
}

func endpoint(read *settings.Reader, name string) string { return read.URL(name, "http", "https") }

// publicKeys is the set that /jwks serves, nil without a private key.
func publicKeys(private crypto.PrivateKey, algorithm string) any {
	signer, ok := private.(crypto.Signer)
	if !ok {
		return nil
	}
	key := jose.JSONWebKey{Key: signer.Public(), Algorithm: algorithm, Use: "enc"}
	thumbprint, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil
	}
	key.KeyID = base64.RawURLEncoding.EncodeToString(thumbprint)
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key}}
}

// privateKey reads a PEM or JWK private key.
func privateKey(text string) (crypto.PrivateKey, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		var key jose.JSONWebKey
		if err := json.Unmarshal([]byte(text), &key); err != nil || key.IsPublic() {
			return nil, errors.New("is not a private JWK")
		}
		return key.Key, nil
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("is neither PEM nor JWK")
	}
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	return nil, errors.New("is not a private key")
}
