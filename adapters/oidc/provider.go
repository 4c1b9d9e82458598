package oidc

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/zitadel/oidc/v3/pkg/client/rp"
	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"
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
	asking singleflight.Group
}

var _ ports.IdentityProvider = (*Provider)(nil)

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
	style         oauth2.AuthStyle
	keys          zitadel.KeySet
}

// metadata finds the provider's endpoints, once: whoever asks meanwhile waits
// for the same answer.
func (p *Provider) metadata(ctx context.Context) (*metadata, error) {
	if known := p.known.Load(); known != nil {
		return known, nil
	}
	found, err, _ := p.asking.Do("", func() (any, error) {
		found, err := p.discover(context.WithoutCancel(ctx))
		if err != nil {
			return nil, upstream("discovery", err)
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

func (p *Provider) keySet(jwks string) zitadel.KeySet {
	if strings.HasPrefix(p.config.Algorithm, "HS") {
		return sharedSecret(p.config.ClientSecret)
	}
	return &renewedKeys{download: func() zitadel.KeySet { return rp.NewRemoteKeySet(p.client, jwks) }, now: time.Now}
}

func (p *Provider) oauth(m *metadata, redirectURI string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, RedirectURL: redirectURI,
		Scopes:   strings.Fields(p.config.Scopes),
		Endpoint: oauth2.Endpoint{AuthURL: m.authorization, TokenURL: m.token, AuthStyle: m.style},
	}
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
	return p.oauth(m, redirectURI).AuthCodeURL(attempt.State, options...), nil
}

// EndSessionURL implements ports.IdentityProvider.
func (p *Provider) EndSessionURL(ctx context.Context, idToken, state, redirectURI string) (string, error) {
	m, err := p.metadata(ctx)
	if err != nil || m.endSession == "" {
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
	return target.String(), nil
}

func refused(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{domain.ErrSignInRefused}, args...)...)
}
