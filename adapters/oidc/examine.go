package oidc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"meet/domain"
)

// Registration is what an examination has to know besides Config.
type Registration struct {
	RedirectURI string // "" when it is not known
	Production  bool
	Verifier    string // of PKCE, "" when it is not used
}

// Examine looks at the provider and our registration with it. It signs nobody
// in and leaves nothing behind.
func Examine(ctx context.Context, config Config, registration Registration) []domain.Finding {
	e := newExamination(config, registration)
	found, findings := e.discovery(ctx)
	findings = append(findings, e.encryption(found)...)
	if found.reached {
		findings = append(findings, e.announced(found.document)...)
	}
	findings = append(findings, e.scopes(), e.keys(ctx, or(config.JWKSEndpoint, found.JWKSURI)))
	if e.passive == nil {
		findings = append(findings, e.authorization(ctx), e.client(ctx), e.logout(ctx))
	} else {
		why := "not asked: the provider's addresses are not known"
		findings = append(findings,
			domain.Finding{Check: "oidc.redirect", Status: domain.Unexamined, Seen: why},
			domain.Finding{Check: "oidc.client", Status: domain.Unexamined, Seen: why})
	}
	return append(findings, e.addresses(), e.clock.finding())
}

type examination struct {
	*Provider
	registration Registration
	clock        *clock
	passive      error // why sign-ins cannot even start
}

func newExamination(config Config, registration Registration) *examination {
	provider, seen := New(config), &clock{}
	provider.client.Transport = &dated{provider.client.Transport, seen}
	return &examination{Provider: provider, registration: registration, clock: seen}
}

// found is the discovery document, if the provider has one.
type found struct {
	document
	reached bool
}

// discovery checks that the provider answers and is who we think it is.
func (e *examination) discovery(ctx context.Context) (found, []domain.Finding) {
	const check = "oidc.discovery"
	var seen document
	var err error
	if e.config.Issuer != "" {
		seen, err = e.document(ctx, e.config.Issuer)
	} else {
		seen, err = e.guess(ctx)
	}
	if e.passive = err; !isUpstream(err) || e.asksNobody() {
		_, e.passive = e.metadata(ctx)
	}
	finding := domain.Finding{Check: check, Status: domain.Broken}
	switch {
	case err == nil && e.config.Issuer != "" && seen.Issuer != e.config.Issuer:
		finding.Seen, finding.Mend = e.otherProvider(seen.Issuer)
	case err == nil && e.config.Issuer == "" && e.config.AllowUnknownIssuer:
		finding.Status, finding.Seen = domain.Doubtful, "tokens of any issuer are believed (OIDC_ALLOW_UNKNOWN_ISSUER)"
		finding.Mend = fmt.Sprintf("set OIDC_OP_URL to %q and remove OIDC_ALLOW_UNKNOWN_ISSUER", seen.Issuer)
	case err == nil && errors.Is(e.passive, errAuthMethod):
		finding.Seen, finding.Mend = reason(e.passive), "set OIDC_RP_PRIVATE_KEY_STR, or let the client authenticate by a secret at the provider"
	case err == nil && e.passive != nil:
		finding.Seen, finding.Mend = reason(e.passive), "set the OIDC_OP_*_ENDPOINT variable that is named"
	case err == nil:
		finding.Status, finding.Seen = domain.Healthy, "the provider is "+seen.Issuer
	case isUpstream(err) && !e.asksNobody():
		finding.Seen = "the provider does not answer: " + reason(err)
		finding.Mend = "check OIDC_OP_URL (or the OIDC_OP_*_ENDPOINT variables), OIDC_PROXY, OIDC_VERIFY_SSL and OIDC_TIMEOUT"
	case e.config.AllowUnknownIssuer && e.config.Issuer == "":
		finding.Status, finding.Seen = domain.Doubtful, "tokens of any issuer are believed (OIDC_ALLOW_UNKNOWN_ISSUER)"
		finding.Mend = "set OIDC_OP_URL to the provider's issuer and remove OIDC_ALLOW_UNKNOWN_ISSUER"
	case e.passive == nil: // every address is configured
		finding.Status, finding.Seen = domain.Doubtful, "there is no discovery document: "+reason(err)
		finding.Mend = "check OIDC_OP_URL: it must equal \"iss\" in the provider's tokens"
	default:
		finding.Seen, finding.Mend = "there is no discovery document: "+reason(err), "set OIDC_OP_URL to the provider's issuer"
	}
	return found{seen, err == nil}, []domain.Finding{finding}
}

// otherProvider says that the provider is not the configured one.
func (e *examination) otherProvider(issuer string) (seen, mend string) {
	if strings.Contains(issuer, "{") {
		return fmt.Sprintf("the provider's document is for many tenants: its issuer is %q", issuer),
			fmt.Sprintf("put the id of the tenant whose people may sign in into OIDC_OP_URL, in the place of the common name (it is %q)", e.config.Issuer)
	}
	return fmt.Sprintf("the provider calls itself %q", issuer),
		fmt.Sprintf("set OIDC_OP_URL to exactly %q (it is %q); a final slash counts", issuer, e.config.Issuer)
}

// asksNobody reports whether sign-ins start without a discovery document.
func (e *examination) asksNobody() bool {
	return e.complete() && (e.config.Issuer != "" || e.config.AllowUnknownIssuer)
}

// encryption wants https on every address that leaves this machine.
func (e *examination) encryption(found found) []domain.Finding {
	const check = "oidc.https"
	if !e.registration.Production {
		return nil
	}
	for _, address := range []struct{ name, url string }{
		{"OIDC_OP_URL", e.config.Issuer},
		{"OIDC_OP_AUTHORIZATION_ENDPOINT", or(e.config.AuthorizationEndpoint, found.AuthorizationEndpoint)},
		{"OIDC_OP_TOKEN_ENDPOINT", or(e.config.TokenEndpoint, found.TokenEndpoint)},
		{"OIDC_OP_USER_ENDPOINT", or(e.config.UserinfoEndpoint, found.UserinfoEndpoint)},
		{"OIDC_OP_JWKS_ENDPOINT", or(e.config.JWKSEndpoint, found.JWKSURI)},
	} {
		if parsed, err := url.Parse(address.url); err == nil && parsed.Scheme == "http" && !loopback(parsed.Hostname()) {
			status := domain.Doubtful // some keep this traffic inside a cluster
			if address.name == "OIDC_OP_AUTHORIZATION_ENDPOINT" {
				status = domain.Broken // browsers go there from everywhere
			}
			return []domain.Finding{{Check: check, Status: status, Seen: address.url + " is not encrypted", Mend: "use https in " + address.name}}
		}
	}
	if !e.config.VerifyTLS {
		return []domain.Finding{{Check: check, Status: domain.Doubtful, Seen: "the provider's certificate is not checked",
			Mend: "remove OIDC_VERIFY_SSL=false: anybody on the way could sign in as anybody"}}
	}
	return []domain.Finding{{Check: check, Status: domain.Healthy, Seen: "the provider's addresses are encrypted or local"}}
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && ip.Unmap().IsLoopback()
}

// reason is the error without addresses that hold what was sent.
func reason(err error) string {
	if address, ok := errors.AsType[*url.Error](err); ok {
		err = address.Err
	}
	if network, ok := errors.AsType[*net.OpError](err); ok {
		err = network
	}
	return err.Error()
}

// clock remembers what time the provider's answers tell.
type clock struct {
	mu           sync.Mutex
	theirs, ours time.Time
}

func (c *clock) finding() domain.Finding {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.theirs.IsZero() {
		return domain.Finding{Check: "oidc.clock", Status: domain.Unexamined, Seen: "the provider tells no time"}
	}
	return domain.ClockFinding("oidc.clock", c.theirs, c.ours)
}

// dated reads the Date header of every answer.
type dated struct {
	next http.RoundTripper
	seen *clock
}

// RoundTrip implements http.RoundTripper.
func (d *dated) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := d.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if date, bad := http.ParseTime(response.Header.Get("Date")); bad == nil {
		d.seen.mu.Lock()
		d.seen.theirs, d.seen.ours = date, time.Now()
		d.seen.mu.Unlock()
	}
	return response, nil
}
