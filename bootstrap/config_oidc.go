package bootstrap

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

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
		UserinfoAlgorithm:     oneOf(read, "OIDC_USERINFO_SIGN_ALGO", append([]string{""}, algorithms...)...),
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
	if text := read.URL("OIDC_PROXY", "http", "https", "socks5", "socks5h"); text != "" {
		provider.Proxy, _ = url.Parse(text) // it was parsed before
	}
	loadKeys(read, &provider)
	checkOIDC(read, provider)
	return provider, loadSignIn(read)
}

// checkOIDC looks for values that do not go together.
func checkOIDC(read *settings.Reader, provider oidc.Config) {
	for _, algorithm := range []string{provider.Algorithm, provider.UserinfoAlgorithm} {
		if strings.HasPrefix(algorithm, "HS") && provider.ClientSecret == "" {
			read.Refuse("OIDC_RP_CLIENT_SECRET", "%s needs it", algorithm)
		}
	}
	if !slices.Contains(strings.Fields(provider.Scopes), "openid") {
		read.Warn("OIDC_RP_SCOPES does not hold openid: most providers send no id_token then, and nobody can sign in")
	}
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
