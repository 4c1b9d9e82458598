package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"
)

// document is the part of the provider's metadata (OpenID Connect Discovery
// 1.0, section 3) that a relying party needs.
type document struct {
	Issuer                string   `json:"issuer"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	UserinfoEndpoint      string   `json:"userinfo_endpoint"`
	JWKSURI               string   `json:"jwks_uri"`
	EndSessionEndpoint    string   `json:"end_session_endpoint"`
	AuthMethods           []string `json:"token_endpoint_auth_methods_supported"`
	AnnouncesIss          bool     `json:"authorization_response_iss_parameter_supported"`
	SigningAlgorithms     []string `json:"id_token_signing_alg_values_supported"`
	ChallengeMethods      []string `json:"code_challenge_methods_supported"`
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
			err = fmt.Errorf("the provider calls itself %q, OIDC_OP_URL is %q", found.Issuer, c.Issuer)
		}
	case c.Issuer == "" && !c.AllowUnknownIssuer:
		found, err = p.guess(ctx)
	}
	if err != nil {
		return discovered{}, err
	}
	d := discovered{jwks: or(c.JWKSEndpoint, found.JWKSURI), metadata: metadata{
		issuer:        found.Issuer,
		announcesIss:  found.AnnouncesIss,
		authorization: or(c.AuthorizationEndpoint, found.AuthorizationEndpoint),
		token:         or(c.TokenEndpoint, found.TokenEndpoint),
		userinfo:      or(c.UserinfoEndpoint, found.UserinfoEndpoint),
		endSession:    c.EndSessionEndpoint,
		style:         oauth2.AuthStyleInParams,
	}}
	if !p.complete() {
		d.endSession = or(c.EndSessionEndpoint, found.EndSessionEndpoint)
	}
	if c.BasicAuth || (slices.Contains(found.AuthMethods, "client_secret_basic") && !slices.Contains(found.AuthMethods, "client_secret_post")) {
		d.style = oauth2.AuthStyleInHeader
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
	response, err := p.client.Do(request)
	if err != nil {
		return document{}, err
	}
	defer func() { _ = response.Body.Close() }()
	var found document
	if response.StatusCode != http.StatusOK {
		return found, fmt.Errorf("discovery document: status %d", response.StatusCode)
	}
	if err := json.NewDecoder(response.Body).Decode(&found); err != nil {
		return found, errors.New("discovery document: not JSON")
	}
	return found, nil
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
