package oidc

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"meet/domain"
)

// scopes wants the one scope without which there is no id token.
func (e *examination) scopes() domain.Finding {
	const check = "oidc.scopes"
	if !slices.Contains(strings.Fields(e.config.Scopes), "openid") {
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "OIDC_RP_SCOPES does not hold openid: the provider sends no id_token",
			Mend: "add openid to OIDC_RP_SCOPES"}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: "asked for are " + e.config.Scopes}
}

// ours is one of our addresses that the provider has to know.
func (e *examination) ours(name string) string {
	return strings.TrimSuffix(e.registration.RedirectURI, "callback/") + name
}

// addresses names what is to be registered with the provider.
func (e *examination) addresses() domain.Finding {
	finding := domain.Finding{Check: "oidc.addresses", Status: domain.Healthy,
		Seen: "to be registered with the provider: " + e.ours("callback/") + " as redirect URI, " + e.ours("logout-callback/") +
			" as post-logout redirect URI, " + e.ours("backchannel-logout/") + " as back-channel logout URI"}
	if e.registration.RedirectURI == "" {
		finding.Status = domain.Unexamined
	}
	return finding
}

// logout begins a sign-out of nobody, and looks whether the provider would
// send the browser back to us. Sessions of ours end in any case.
func (e *examination) logout(ctx context.Context) domain.Finding {
	const check = "oidc.logout"
	known, err := e.metadata(ctx)
	switch {
	case err != nil || e.registration.RedirectURI == "":
		return domain.Finding{Check: check, Status: domain.Unexamined, Seen: "not asked: the provider's addresses or our public one are not known"}
	case known.endSession == "":
		return domain.Finding{Check: check, Status: domain.Healthy, Seen: "signing out is local: the provider has no place for it"}
	}
	target, err := url.Parse(known.endSession)
	if err != nil {
		return domain.Finding{Check: check, Status: domain.Doubtful, Seen: "no address", Mend: "check OIDC_OP_LOGOUT_ENDPOINT"}
	}
	query := target.Query()
	query.Set("client_id", e.config.ClientID)
	query.Set("post_logout_redirect_uri", e.ours("logout-callback/"))
	target.RawQuery = query.Encode()
	response, err := e.look(ctx, target.String())
	if err != nil {
		return domain.Finding{Check: check, Status: domain.Doubtful, Seen: "the place to sign out does not answer here: " + reason(err),
			Mend: "check OIDC_OP_LOGOUT_ENDPOINT, unless only browsers can reach it"}
	}
	defer func() { _ = response.Body.Close() }()
	return e.judgedLogout(response)
}

func (e *examination) judgedLogout(response *http.Response) domain.Finding {
	finding := domain.Finding{Check: "oidc.logout", Status: domain.Doubtful}
	back, err := response.Location()
	switch {
	case err == nil && strings.HasPrefix(back.String(), e.ours("logout-callback/")):
		finding.Status, finding.Seen = domain.Healthy, "the provider sends browsers back to "+e.ours("logout-callback/")
	case response.StatusCode == http.StatusNotFound || response.StatusCode == http.StatusMethodNotAllowed:
		finding.Seen, finding.Mend = "there is nothing at the place to sign out", "check OIDC_OP_LOGOUT_ENDPOINT"
	case response.StatusCode == http.StatusBadRequest && mentionsRedirect(visible(response)):
		finding.Seen = "the provider does not send browsers back after signing out"
		finding.Mend = "register " + e.ours("logout-callback/") + " with the provider as a post-logout redirect URI"
	default:
		finding.Status, finding.Seen = domain.Unexamined, "the provider answers with a page of its own, which may be good or bad"
	}
	return finding
}
