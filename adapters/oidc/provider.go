package oidc

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"meet/domain"
	"meet/ports"
)

// Provider implements ports.IdentityProvider.
type Provider struct {
	config Config
	client *http.Client

	known  atomic.Pointer[metadata]
	failed atomic.Pointer[failedDiscovery]
	asking singleflight.Group
}

var _ ports.IdentityProvider = (*Provider)(nil)

// failedDiscovery is remembered for a moment: anybody can make us look for a
// provider that is away.
type failedDiscovery struct {
	err error
	at  time.Time
}

const discoveryPause = time.Second // between two looks for the provider

// New prepares the provider; it is not contacted before it is needed.
func New(config Config) *Provider {
	return &Provider{config: config, client: newClient(config)}
}

// metadata is all that is needed to talk to the provider.
type metadata struct {
	issuer        string // "" when unknown and allowed to be
	announcesIss  bool   // RFC 9207
	endSession    string
	userinfo      string
	authorization string
	token         string
	auth          string // client_secret_post, client_secret_basic or private_key_jwt
	keys          *keySet

	assertionAlgorithms []string // of private_key_jwt, as announced
	userinfoAlgorithms  []string // of signed userinfo, as announced
}

// metadata finds the provider's endpoints, once: whoever asks meanwhile waits
// for the same answer.
func (p *Provider) metadata(ctx context.Context) (*metadata, error) {
	if known := p.known.Load(); known != nil {
		return known, nil
	}
	if failed := p.failed.Load(); failed != nil && time.Since(failed.at) < discoveryPause {
		return nil, failed.err
	}
	found, err, _ := p.asking.Do("", func() (any, error) {
		found, err := p.discover(context.WithoutCancel(ctx))
		if err != nil {
			err = upstream("discovery", err)
			p.failed.Store(&failedDiscovery{err, time.Now()})
			return nil, err
		}
		found.keys = p.keySet(found.jwks)
		p.known.Store(&found.metadata)
		return &found.metadata, nil
	})
	if err != nil {
		return nil, err
	}
	return found.(*metadata), nil
}

// Ready finds the provider's issuer where the configuration does not name
// it. It fails with ErrNoIssuer when there is none to be found; a provider
// that does not answer may still come up later.
func (p *Provider) Ready(ctx context.Context) error {
	_, err := p.metadata(ctx)
	return err
}

func (p *Provider) keySet(address string) *keySet {
	return &keySet{now: time.Now, after: time.After, download: func(ctx context.Context) ([]jose.JSONWebKey, error) {
		return p.published(ctx, address)
	}}
}

// AuthorizationURL implements ports.IdentityProvider.
func (p *Provider) AuthorizationURL(ctx context.Context, attempt domain.SignInAttempt, redirectURI, loginHint string) (string, error) {
	m, err := p.metadata(ctx)
	if err != nil {
		return "", err
	}
	parameters := map[string]string{}
	if attempt.Verifier != "" {
		parameters["code_challenge"], parameters["code_challenge_method"] = oauth2.S256ChallengeFromVerifier(attempt.Verifier), "S256"
		if p.config.PlainPKCE {
			parameters["code_challenge"], parameters["code_challenge_method"] = attempt.Verifier, "plain"
		}
	}
	if p.config.UseNonce {
		parameters["nonce"] = attempt.Nonce
	}
	if loginHint != "" {
		parameters["login_hint"] = loginHint
	}
	for name, value := range p.config.ExtraParams {
		parameters[name] = value
	}
	if attempt.Silent {
		parameters["prompt"] = "none"
	}
	var options []oauth2.AuthCodeOption
	for name, value := range parameters {
		options = append(options, oauth2.SetAuthURLParam(name, value))
	}
	client := oauth2.Config{
		ClientID: p.config.ClientID, RedirectURL: redirectURI, Scopes: strings.Fields(p.config.Scopes),
		Endpoint: oauth2.Endpoint{AuthURL: m.authorization},
	}
	return client.AuthCodeURL(attempt.State, options...), nil
}

// EndSessionURL implements ports.IdentityProvider.
func (p *Provider) EndSessionURL(ctx context.Context, idToken, state, redirectURI string) (string, error) {
	m, err := p.metadata(ctx)
	if err != nil || m.endSession == "" || m.issuer != "" && issuerOf(idToken, m.issuer) != m.issuer {
		return "", err
	}
	target, err := url.Parse(m.endSession)
	if err != nil {
		return "", upstream("end-session endpoint", err)
	}
	query := target.Query()
	query.Set("id_token_hint", idToken)
	query.Set("state", state)
	query.Set("post_logout_redirect_uri", redirectURI)
	target.RawQuery = query.Encode()
	if len(target.String()) > maxEndSessionURL {
		query.Del("id_token_hint")
		query.Set("client_id", p.config.ClientID)
		target.RawQuery = query.Encode()
	}
	return target.String(), nil
}

// issuerOf is who issued the id token, otherwise where it cannot be read. The
// provider that a site had before knows nothing at the place of today's.
func issuerOf(idToken, otherwise string) string {
	var known claims
	if _, err := parse(idToken, slices.Concat(asymmetric, []string{"HS256", "HS384", "HS512"}), "", &known); err != nil {
		return otherwise
	}
	return known.Issuer
}

// maxEndSessionURL leaves room for the other headers of a redirect in the 4 KB
// that nginx reserves for them by default.
const maxEndSessionURL = 3 << 10
