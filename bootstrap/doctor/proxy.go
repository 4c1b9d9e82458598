package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"meet/domain"
)

const (
	clientConfig = "/api/v1.0/config/"
	signIn       = "/api/v1.0/authenticate/"
)

// trust says what a proxy has to do for us to know how the browser asked.
const trust = "let the proxy set X-Forwarded-Proto to https, and name its address in TRUSTED_PROXIES"

// through asks the server through the proxy and looks at what arrives.
func (f *front) through(ctx context.Context, at *url.URL) []domain.Finding {
	got, err := f.ask(ctx, f.address+clientConfig, "")
	if err != nil {
		return []domain.Finding{{Check: "public.server", Status: domain.Broken, Seen: clientConfig + " does not answer: " + plainReason(err), Mend: "check the proxy"}}
	}
	if got.status/100 == 3 {
		return []domain.Finding{f.redirected(got.header.Get("Location"))}
	}
	if got.status == http.StatusBadRequest && badHost(got) {
		return []domain.Finding{{Check: "public.host", Status: domain.Broken, Seen: "the server refuses the Host that arrives",
			Mend: "add " + at.Hostname() + " to DJANGO_ALLOWED_HOSTS, and let the proxy pass the Host header on as it is"}}
	}
	config, ours := clientConfigOf(got)
	if !ours {
		return []domain.Finding{{Check: "public.server", Status: domain.Broken, Seen: fmt.Sprintf("%s answers %d, and not as this server does", clientConfig, got.status),
			Mend: "let the proxy pass /api/ on to LISTEN_ADDR (" + f.setup.ListenAddr + ")"}}
	}
	f.runs = true
	findings := []domain.Finding{f.same(config), {Check: "public.host", Status: domain.Healthy, Seen: "the server accepts the host " + at.Host}}
	if at.Scheme == "https" && f.setup.Production {
		findings = append(findings, strictTransport(got.header))
	}
	findings = append(findings, f.start(ctx, at)...)
	return append(findings, f.media(at, config))
}

// redirected tells the endless redirect from one to another address.
func (f *front) redirected(location string) domain.Finding {
	if location == f.address+clientConfig {
		return domain.Finding{Check: "public.proxy", Status: domain.Broken, Seen: "the server redirects https to https for ever: it does not learn that the browser used it",
			Mend: trust}
	}
	if strings.HasPrefix(location, "https://") && strings.HasPrefix(f.address, "http://") {
		return domain.Finding{Check: "public.proxy", Status: domain.Healthy, Seen: "http is redirected to https; that address is not examined",
			Mend: "examine again with --url https://…"}
	}
	return domain.Finding{Check: "public.proxy", Status: domain.Doubtful, Seen: "the public address redirects elsewhere", Mend: "give the address that browsers end at as --url"}
}

type browserConfig struct {
	LiveKit *struct {
		URL      string `json:"url"`
		ForceWSS bool   `json:"force_wss_protocol"`
	} `json:"livekit"`
	Language *string `json:"LANGUAGE_CODE"`
}

func clientConfigOf(got answer) (config browserConfig, ours bool) {
	err := json.Unmarshal([]byte(got.body), &config)
	return config, err == nil && got.status == http.StatusOK && config.LiveKit != nil && config.Language != nil
}

// same checks that the server behind the address has this configuration.
func (f *front) same(config browserConfig) domain.Finding {
	const check = "public.server"
	if f.setup.LiveKit.URL != "" && config.LiveKit.URL != f.setup.LiveKit.URL {
		return domain.Finding{Check: check, Status: domain.Doubtful, Seen: "the server there was started with another LIVEKIT_API_URL",
			Mend: "restart it with this LIVEKIT_API_URL, or let the proxy (or --url) lead to the right one"}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: "this server answers at the public address"}
}

func strictTransport(header http.Header) domain.Finding {
	const check = "public.hsts"
	if header.Get("Strict-Transport-Security") == "" {
		return domain.Finding{Check: check, Status: domain.Doubtful, Seen: "Strict-Transport-Security does not reach the browser",
			Mend: "let the proxy pass the header on, or set it there (DJANGO_CONFIGURATION=Production sends it)"}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: "browsers are told to use https alone"}
}

// start begins a sign-in, as a browser does, and looks where it would lead.
func (f *front) start(ctx context.Context, at *url.URL) []domain.Finding {
	got, err := f.ask(ctx, f.address+signIn, "")
	if err != nil || got.status/100 != 3 {
		return []domain.Finding{{Check: "public.signin", Status: domain.Broken, Seen: "a sign-in does not start at the server",
			Mend: "see oidc.*; the server may reach OIDC_OP_URL differently from here"}}
	}
	target, err := url.Parse(got.header.Get("Location"))
	if err != nil {
		return []domain.Finding{{Check: "public.signin", Status: domain.Broken, Seen: "a sign-in leads nowhere", Mend: "see oidc.*, OIDC_OP_AUTHORIZATION_ENDPOINT"}}
	}
	uri := target.Query().Get("redirect_uri")
	redirect := domain.Finding{Check: "public.proxy", Status: domain.Healthy, Seen: "the server knows its public address"}
	switch {
	case uri == f.address+callback:
	case at.Scheme == "https" && strings.HasPrefix(uri, "http://"):
		redirect.Status, redirect.Seen, redirect.Mend = domain.Broken, "the server does not learn that the browser used https", trust
	default:
		redirect.Status, redirect.Seen = domain.Broken, "the server sends people back to "+uri
		redirect.Mend = "let the proxy pass the Host header on as it is, or give the right --url"
	}
	return []domain.Finding{redirect, secureCookies(at, got.header)}
}

func secureCookies(at *url.URL, header http.Header) domain.Finding {
	const check = "public.cookies"
	cookies := (&http.Response{Header: header}).Cookies()
	switch {
	case len(cookies) == 0:
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "no cookie arrives at a sign-in", Mend: "let the proxy pass Set-Cookie on, and not cache " + signIn}
	case at.Scheme == "https" && !cookies[0].Secure:
		return domain.Finding{Check: check, Status: domain.Doubtful, Seen: "cookies are not marked Secure", Mend: "set DJANGO_CONFIGURATION=Production; " + trust}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: "cookies arrive as they should"}
}

// media checks that a page with https may open LiveKit's address.
func (f *front) media(at *url.URL, config browserConfig) domain.Finding {
	const check = "public.livekit"
	address := config.LiveKit.URL
	plain := strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "ws://")
	if at.Scheme == "https" && plain && !config.LiveKit.ForceWSS {
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "browsers are given " + address + ", which a page with https may not open",
			Mend: "set LIVEKIT_API_URL to wss://…, or LIVEKIT_FORCE_WSS_PROTOCOL=True when the same host speaks TLS too"}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: "browsers may open LiveKit's address"}
}
