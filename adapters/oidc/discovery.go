package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// document is the part of the provider's metadata (OpenID Connect Discovery
// 1.0, section 3) that a relying party needs.
type document struct {
	Issuer                string `json:"issuer"`
	AuthorizationEndpoint string `json:"authorization_endpoint"`
	TokenEndpoint         string `json:"token_endpoint"`
	UserinfoEndpoint      string `json:"userinfo_endpoint"`
	JWKSURI               string `json:"jwks_uri"`
	EndSessionEndpoint    string `json:"end_session_endpoint"`
	AuthMethods           list   `json:"token_endpoint_auth_methods_supported"`
	AssertionAlgorithms   list   `json:"token_endpoint_auth_signing_alg_values_supported"`
	AnnouncesIss          any    `json:"authorization_response_iss_parameter_supported"`
	SigningAlgorithms     list   `json:"id_token_signing_alg_values_supported"`
	UserinfoAlgorithms    list   `json:"userinfo_signing_alg_values_supported"`
	ChallengeMethods      list   `json:"code_challenge_methods_supported"`
}

// list is texts that some providers send as one text; what is neither is empty.
type list []string

// UnmarshalJSON implements json.Unmarshaler.
func (l *list) UnmarshalJSON(data []byte) error {
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return err
	}
	items, _ := value.([]any)
	if text, alone := value.(string); alone {
		items = []any{text}
	}
	for _, item := range items {
		if text, ok := item.(string); ok {
			*l = append(*l, text)
		}
	}
	return nil
}

type discovered struct {
	metadata
	jwks string
}

// ErrNoIssuer says that nothing names the provider's issuer.
var ErrNoIssuer = errors.New("the provider's issuer is not known: set OIDC_OP_URL to it " +
	"(or OIDC_ALLOW_UNKNOWN_ISSUER=true to accept any, which is unsafe)")

// discover joins what is configured with what the provider tells.
func (p *Provider) discover(ctx context.Context) (discovered, error) {
	c, found := p.config, document{Issuer: p.config.Issuer}
	var err error
	switch {
	case c.Issuer != "" && !p.complete():
		found, err = p.document(ctx, c.Issuer)
		if err == nil && found.Issuer != c.Issuer {
			err = c.otherIssuer(found.Issuer)
		}
	case c.Issuer == "" && !c.AllowUnknownIssuer:
		found, err = p.guess(ctx)
	}
	if err != nil {
		return discovered{}, err
	}
	d := discovered{jwks: or(c.JWKSEndpoint, found.JWKSURI), metadata: metadata{
		issuer:        found.Issuer,
		announcesIss:  found.AnnouncesIss == true,
		authorization: or(c.AuthorizationEndpoint, found.AuthorizationEndpoint),
		token:         or(c.TokenEndpoint, found.TokenEndpoint),
		userinfo:      or(c.UserinfoEndpoint, found.UserinfoEndpoint),
		endSession:    c.EndSessionEndpoint,

		assertionAlgorithms: found.AssertionAlgorithms, userinfoAlgorithms: found.UserinfoAlgorithms,
	}}
	if !p.complete() {
		d.endSession = or(c.EndSessionEndpoint, found.EndSessionEndpoint)
	}
	if d.auth, err = c.authMethod(found.AuthMethods); err != nil {
		return discovered{}, err
	}
	for name, endpoint := range map[string]string{
		"OIDC_OP_AUTHORIZATION_ENDPOINT": d.authorization, "OIDC_OP_TOKEN_ENDPOINT": d.token, "OIDC_OP_USER_ENDPOINT": d.userinfo,
	} {
		if endpoint == "" {
			return discovered{}, fmt.Errorf("%s is not set and the provider does not tell", name)
		}
	}
	return d, nil
}

// complete reports whether the configuration names every endpoint that a
// sign-in needs, so that there is nothing to ask.
func (p *Provider) complete() bool {
	c := p.config
	return c.AuthorizationEndpoint != "" && c.TokenEndpoint != "" && c.UserinfoEndpoint != "" &&
		(c.JWKSEndpoint != "" || strings.HasPrefix(c.Algorithm, "HS"))
}

// guess looks for the discovery document next to the authorization endpoint,
// folder by folder upwards.
func (p *Provider) guess(ctx context.Context) (document, error) {
	at, err := url.Parse(p.config.AuthorizationEndpoint)
	if err != nil || at.Host == "" {
		return document{}, ErrNoIssuer
	}
	var away error
	at.RawQuery, at.Fragment = "", ""
	for segments := strings.Split(strings.Trim(at.Path, "/"), "/"); ; segments = segments[:len(segments)-1] {
		at.Path = strings.TrimSuffix("/"+strings.Join(segments, "/"), "/")
		found, err := p.document(ctx, at.String())
		if isUpstream(err) {
			away = err // some gateways answer so for what they do not know
		}
		if err == nil && found.AuthorizationEndpoint == p.config.AuthorizationEndpoint && found.Issuer != "" {
			return found, nil
		}
		if len(segments) == 0 && away != nil {
			return document{}, away
		}
		if len(segments) == 0 {
			return document{}, ErrNoIssuer
		}
	}
}

func (p *Provider) document(ctx context.Context, issuer string) (document, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", nil)
	if err != nil {
		return document{}, err
	}
	var found document
	if err := p.askJSON(request, &found); err != nil {
		return found, fmt.Errorf("discovery document: %w", err)
	}
	return found, nil
}

// otherIssuer says that the provider is not the configured one.
func (c Config) otherIssuer(issuer string) error {
	if strings.Contains(issuer, "{") {
		return fmt.Errorf("the provider's document is for many tenants (its issuer is %q), and the server lets people of one tenant in: "+
			"put that tenant's id in the place of the common name in OIDC_OP_URL, which is %q", issuer, c.Issuer)
	}
	return fmt.Errorf("the provider calls itself %q, OIDC_OP_URL is %q", issuer, c.Issuer)
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
