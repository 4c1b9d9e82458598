package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"meet/domain"
)

// front is the server as browsers see it, through the proxy.
type front struct {
	setup   Setup
	address string
	runs    bool // there is a server to be seen
	local   bool // on this machine
}

const maxPage = 256 << 10 // bytes of an answer

// answer is what came back from an address.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask fetches an address without following redirects.
func (f *front) ask(ctx context.Context, address, host string) (answer, error) {
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, TLSHandshakeTimeout: 5 * time.Second,
		TLSClientConfig: &tls.Config{RootCAs: f.setup.Roots, MinVersion: tls.VersionTLS12},
	}
	client := &http.Client{Transport: transport, Timeout: 5 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return answer{}, err
	}
	request.Host = host
	response, err := client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxPage))
	return answer{response.StatusCode, response.Header, string(body)}, err
}

// examine asks the server here, and then the public address.
func (f *front) examine(ctx context.Context) []domain.Finding {
	findings := []domain.Finding{f.here(ctx)}
	if f.address == "" {
		return append(findings, domain.Finding{Check: "public.url", Status: domain.Unexamined, Seen: "the public address is not known",
			Mend: "give --url https://…, or name the host in DJANGO_ALLOWED_HOSTS"})
	}
	parsed, err := url.Parse(f.address)
	if err != nil || parsed.Host == "" {
		return append(findings, domain.Finding{Check: "public.url", Status: domain.Broken, Seen: "--url is no address", Mend: "give --url https://…"})
	}
	findings = append(findings, f.profile(parsed))
	reached, finding := f.reach(ctx, parsed)
	if findings = append(findings, finding); !reached {
		return findings
	}
	return append(findings, f.through(ctx, parsed)...)
}

// here asks for the heartbeat of the server on this machine.
func (f *front) here(ctx context.Context) domain.Finding {
	finding := domain.Finding{Check: "server.heartbeat", Status: domain.Unexamined, Seen: "no server answers at LISTEN_ADDR; what needs a running one is not examined"}
	local := f.setup.local()
	if local == "" {
		return finding
	}
	host := f.setup.named()
	got, err := f.ask(ctx, local+"/__heartbeat__", host)
	switch {
	case err != nil:
		return finding
	case got.status == http.StatusOK && strings.Contains(got.body, "status"):
		f.runs, f.local = true, true
		finding.Status, finding.Seen = domain.Healthy, "the server runs and reaches its database"
	case got.status == http.StatusInternalServerError:
		f.runs, f.local = true, true
		finding.Status, finding.Seen, finding.Mend = domain.Broken, "the server runs, but its database does not answer", "see database.connection; DATABASE_URL of the running server may be another"
	case got.status == http.StatusBadRequest && badHost(got):
		f.runs, f.local = true, true
		finding.Status, finding.Seen = domain.Broken, "the server refuses the host "+host
		finding.Mend = "add it to DJANGO_ALLOWED_HOSTS"
	default:
		finding.Seen = "something else answers at LISTEN_ADDR"
	}
	return finding
}

func badHost(got answer) bool { return strings.Contains(got.body, "Invalid Host header") }

// profile compares the public address with what the profile makes of it.
func (f *front) profile(at *url.URL) domain.Finding {
	const check = "public.profile"
	switch {
	case f.setup.Production && at.Scheme != "https":
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "cookies are for https alone, the public address is " + f.address,
			Mend: "put a proxy with a certificate in front, or for trials set DJANGO_CONFIGURATION=Base"}
	case !f.setup.Production && at.Scheme == "https":
		return domain.Finding{Check: check, Status: domain.Doubtful, Seen: "the profile " + f.setup.Profile + " is not made for a public address with https",
			Mend: "set DJANGO_CONFIGURATION=Production: it redirects to https and makes cookies Secure"}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: "the profile " + f.setup.Profile + " suits the public address"}
}

// reach checks that the public address leads anywhere.
func (f *front) reach(ctx context.Context, at *url.URL) (bool, domain.Finding) {
	finding := domain.Finding{Check: "public.url"}
	got, err := f.ask(ctx, f.address+"/__lbheartbeat__", "")
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case certificate:
		finding.Status, finding.Seen = domain.Broken, "the certificate of "+at.Host+" is not good: "+certificateReason(err)
		finding.Mend = "give the proxy a certificate for this name that browsers trust; --url names the address"
	case err != nil && strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		finding.Status, finding.Seen, finding.Mend = domain.Broken, at.Host+" speaks no TLS", "give the proxy a certificate, or correct --url"
	case err != nil && !f.local:
		finding.Status, finding.Seen = domain.Unexamined, f.address+" does not answer, and no server runs here"
		finding.Mend = "start the server (and its proxy) and examine again; --url names another address"
	case err != nil:
		finding.Status, finding.Seen = domain.Doubtful, f.address+" does not answer from here: "+plainReason(err)
		finding.Mend = "check the proxy and the name server's entry; --url names another address"
	case got.status == http.StatusOK, got.status == http.StatusBadRequest, got.status/100 == 3:
		finding.Status, finding.Seen = domain.Healthy, f.address+" answers"
		return true, finding
	case got.status >= http.StatusInternalServerError:
		finding.Status, finding.Seen = domain.Broken, fmt.Sprintf("the proxy at %s answers %d", f.address, got.status)
		finding.Mend = "let the proxy pass requests on to LISTEN_ADDR (" + f.setup.ListenAddr + ")"
	default:
		finding.Status, finding.Seen = domain.Broken, fmt.Sprintf("%s/__lbheartbeat__ answers %d: that is not this server", f.address, got.status)
		finding.Mend = "let the proxy pass everything on to LISTEN_ADDR (" + f.setup.ListenAddr + "), or give the right --url"
	}
	return false, finding
}

func certificateReason(err error) string {
	if host, ok := errors.AsType[x509.HostnameError](err); ok {
		return fmt.Sprintf("it is not for %s", host.Host)
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "it has expired"
	}
	return "nobody we trust signed it"
}

func plainReason(err error) string {
	if opening, ok := errors.AsType[*net.OpError](err); ok {
		return opening.Error()
	}
	if address, ok := errors.AsType[*url.Error](err); ok {
		return address.Err.Error()
	}
	return err.Error()
}
