package oidc

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"meet/domain"
)

// quiet are the answers to a silent sign-in of nobody (OpenID Connect Core
// 1.0, section 3.1.2.6): the provider knows us and would have gone on.
var quiet = []string{"", "login_required", "interaction_required", "consent_required", "account_selection_required"}

const (
	noFlow    = "unauthorized_client" //nolint:misspell // RFC 6749 spells it so
	allowFlow = "let the client use the authorization code flow at the provider"
)

// authorization starts a sign-in that may not ask anybody anything, and looks
// whether the provider would send the browser back to us.
func (e *examination) authorization(ctx context.Context) domain.Finding {
	const check = "oidc.redirect"
	uri := e.registration.RedirectURI
	if uri == "" {
		return domain.Finding{Check: check, Status: domain.Unexamined, Seen: "not asked: our public address is not known",
			Mend: "give --url, or name the host in DJANGO_ALLOWED_HOSTS"}
	}
	attempt := domain.SignInAttempt{State: "examination-of-the-set-up", Nonce: "examination-of-the-set-up", Verifier: e.registration.Verifier, Silent: true}
	address, err := e.AuthorizationURL(ctx, attempt, uri, "")
	if err != nil {
		return domain.Finding{Check: check, Status: domain.Unexamined, Seen: "not asked: " + reason(err)}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "no address", Mend: "check OIDC_OP_AUTHORIZATION_ENDPOINT"}
	}
	browser := *e.Provider.client
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := browser.Do(request)
	if err != nil {
		return domain.Finding{Check: check, Status: domain.Unexamined, Seen: "the authorization endpoint does not answer here: " + reason(err),
			Mend: "check OIDC_OP_AUTHORIZATION_ENDPOINT, unless only browsers can reach it"}
	}
	defer func() { _ = response.Body.Close() }()
	if target, err := response.Location(); err == nil && strings.HasPrefix(target.String(), uri) {
		return e.returned(target)
	}
	body, _ := io.ReadAll(response.Body) // an error page is only a hint
	return e.refusal(response.StatusCode, strings.ToLower(string(body)))
}

// returned judges what the provider sends the browser back with.
func (e *examination) returned(target *url.URL) domain.Finding {
	const check = "oidc.redirect"
	refused := target.Query().Get("error")
	if slices.Contains(quiet, refused) {
		return domain.Finding{Check: check, Status: domain.Healthy, Seen: "the provider sends browsers back to " + e.registration.RedirectURI}
	}
	mend, known := map[string]string{
		"invalid_scope":             "check OIDC_RP_SCOPES: the provider does not let this client ask for all of them",
		noFlow:                      allowFlow,
		"unsupported_response_type": allowFlow,
		"invalid_request":           "check OIDC_USE_PKCE, OIDC_PKCE_CODE_CHALLENGE_METHOD and OIDC_AUTH_REQUEST_EXTRA_PARAMS",
	}[refused]
	if !known {
		return domain.Finding{Check: check, Status: domain.Doubtful, Seen: "the provider sends browsers back with a failure: " + word(refused),
			Mend: "look into the provider's log"}
	}
	status := domain.Broken
	if refused == "invalid_request" { // it may be about asking silently
		status = domain.Doubtful
	}
	return domain.Finding{Check: check, Status: status, Seen: "the provider sends browsers back with " + refused, Mend: mend}
}

// refusal judges an answer that is not our redirect. Only a plain refusal is
// certain: a page may be a sign-in form as well.
func (e *examination) refusal(status int, page string) domain.Finding {
	finding := domain.Finding{Check: "oidc.redirect", Status: domain.Broken, Seen: fmt.Sprintf("the provider refuses with status %d", status)}
	register := "register " + e.registration.RedirectURI + " with the provider as a redirect URI"
	name := "check OIDC_RP_CLIENT_ID (" + e.config.ClientID + ")"
	aboutRedirect := strings.Contains(page, "redirect_uri") || strings.Contains(page, "redirect uri")
	aboutClient := strings.Contains(page, "client_id") || strings.Contains(page, "invalid_client") || strings.Contains(page, "client not found")
	unclear := domain.Finding{Check: finding.Check, Status: domain.Unexamined,
		Seen: fmt.Sprintf("the provider answers with a page of its own (status %d), which may be good or bad", status)}
	switch {
	case status < http.StatusBadRequest:
		return unclear
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed:
		finding.Mend = "check OIDC_OP_AUTHORIZATION_ENDPOINT: there is nothing"
	case aboutRedirect && !aboutClient:
		finding.Seen, finding.Mend = "the provider refuses our redirect URI", register
	case aboutClient && !aboutRedirect:
		finding.Seen, finding.Mend = "the provider does not know our client", name
	case status != http.StatusBadRequest && !aboutRedirect: // somebody in between may have answered
		return unclear
	default: // it may be about asking silently, too
		finding.Status, finding.Mend = domain.Doubtful, register+"; "+name
	}
	return finding
}

// client shows our credentials with a made-up code: what the provider
// complains about tells whether it took them.
func (e *examination) client(ctx context.Context) domain.Finding {
	const check = "oidc.client"
	known, err := e.metadata(ctx)
	if err != nil {
		return domain.Finding{Check: check, Status: domain.Unexamined, Seen: "not asked: " + reason(err)}
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {"examination-of-the-set-up"}, "redirect_uri": {e.registration.RedirectURI}}
	if e.registration.Verifier != "" {
		form.Set("code_verifier", e.registration.Verifier)
	}
	status, body, err := e.askForToken(ctx, known, form)
	if err != nil {
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "the token endpoint does not answer: " + reason(err), Mend: "check OIDC_OP_TOKEN_ENDPOINT"}
	}
	var refusal complaint
	_ = json.Unmarshal(body, &refusal) // no JSON leaves it empty
	return judged(status, refusal.Error)
}

// judged reads the token endpoint's complaint (RFC 6749, section 5.2).
func judged(status int, complaint string) domain.Finding {
	const check = "oidc.client"
	switch {
	case complaint == "invalid_client" || status == http.StatusUnauthorized:
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "the provider refuses our credentials",
			Mend: "check OIDC_RP_CLIENT_ID and OIDC_RP_CLIENT_SECRET, and OIDC_TOKEN_USE_BASIC_AUTH: the provider may take them in the header only"}
	case complaint == noFlow || complaint == "unsupported_grant_type":
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "the provider says " + complaint,
			Mend: allowFlow}
	case complaint == "invalid_grant":
		return domain.Finding{Check: check, Status: domain.Healthy, Seen: "the provider complains about a made-up code, not about our credentials"}
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed:
		return domain.Finding{Check: check, Status: domain.Broken, Seen: fmt.Sprintf("the token endpoint answers %d", status), Mend: "check OIDC_OP_TOKEN_ENDPOINT"}
	}
	return domain.Finding{Check: check, Status: domain.Unexamined, Seen: fmt.Sprintf("the answer does not tell (status %d)", status)}
}

// word keeps what the provider may send into our terminal short and plain.
func word(text string) string {
	for _, r := range text {
		if r < ' ' || r > '~' {
			return "unreadable"
		}
	}
	return text[:min(len(text), 60)]
}
