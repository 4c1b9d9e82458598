package oidc

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
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
	checkName = "oidc.redirect"
)

// authorization starts a sign-in that may not ask anybody anything, and looks
// whether the provider would send the browser back to us. What may be about
// the silence alone is asked again aloud: a sign-in page is all that can come.
func (e *examination) authorization(ctx context.Context) domain.Finding {
	if e.registration.RedirectURI == "" {
		return domain.Finding{Check: checkName, Status: domain.Unexamined, Seen: "not asked: our public address is not known",
			Mend: "give --url, or name the host in DJANGO_ALLOWED_HOSTS"}
	}
	finding := e.begin(ctx, true)
	if finding.Status != domain.Doubtful {
		return finding
	}
	aloud := e.begin(ctx, false)
	if aloud.Status == domain.Doubtful {
		aloud.Status = domain.Broken
	}
	return aloud
}

// begin begins a sign-in. A doubtful finding may be about asking silently.
func (e *examination) begin(ctx context.Context, silent bool) domain.Finding {
	attempt := domain.SignInAttempt{State: "examination-of-the-set-up", Nonce: "examination-of-the-set-up", Verifier: e.registration.Verifier, Silent: silent}
	address, err := e.AuthorizationURL(ctx, attempt, e.registration.RedirectURI, "")
	if err != nil {
		return domain.Finding{Check: checkName, Status: domain.Unexamined, Seen: "not asked: " + reason(err)}
	}
	response, err := e.look(ctx, address)
	if err != nil {
		return domain.Finding{Check: checkName, Status: domain.Unexamined, Seen: "the authorization endpoint does not answer here: " + reason(err),
			Mend: "check OIDC_OP_AUTHORIZATION_ENDPOINT, unless only browsers can reach it"}
	}
	defer func() { _ = response.Body.Close() }()
	if target, err := response.Location(); err == nil && strings.HasPrefix(target.String(), e.registration.RedirectURI) {
		return e.returned(target.Query())
	}
	return e.refusal(response.StatusCode, visible(response))
}

// look opens the address as a browser without cookies does, and follows
// nothing.
func (e *examination) look(ctx context.Context, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	browser := *e.Provider.client
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return browser.Do(request)
}

// hidden is what a page holds besides the text that people read.
var hidden = regexp.MustCompile(`(?is)<script.*?</script>|<style.*?</style>|<!--.*?-->|<[^>]*>`)

// visible is the text of a page: its addresses name the client and the
// redirect URI whatever is wrong.
func visible(response *http.Response) string {
	body, _ := io.ReadAll(response.Body) // an error page is only a hint
	return strings.ToLower(hidden.ReplaceAllString(string(body), " "))
}

// returned judges what the provider sends the browser back with.
func (e *examination) returned(query url.Values) domain.Finding {
	refused, why := query.Get("error"), strings.ToLower(query.Get("error_description"))
	if slices.Contains(quiet, refused) {
		return domain.Finding{Check: checkName, Status: domain.Healthy, Seen: "the provider sends browsers back to " + e.registration.RedirectURI}
	}
	finding := domain.Finding{Check: checkName, Status: domain.Broken, Seen: "the provider sends browsers back with " + said(refused)}
	if why != "" {
		finding.Seen += ": " + said(query.Get("error_description"))
	}
	mend, known := map[string]string{
		"invalid_scope":             "check OIDC_RP_SCOPES: the provider does not let this client ask for all of them",
		noFlow:                      allowFlow,
		"unsupported_response_type": allowFlow,
		"invalid_request":           "check OIDC_USE_PKCE, OIDC_PKCE_CODE_CHALLENGE_METHOD and OIDC_AUTH_REQUEST_EXTRA_PARAMS",
	}[refused]
	switch {
	case strings.Contains(why, "code_challenge") || strings.Contains(why, "pkce"):
		finding.Mend = "set OIDC_USE_PKCE=true: the provider wants PKCE"
		if e.registration.Verifier != "" {
			finding.Mend = "set OIDC_PKCE_CODE_CHALLENGE_METHOD to the method that the provider wants"
		}
	case !known:
		finding.Status, finding.Mend = domain.Doubtful, "look into the provider's log"
	case refused == "invalid_request":
		finding.Status, finding.Mend = domain.Doubtful, mend
	default:
		finding.Mend = mend
	}
	return finding
}

// refusal judges an answer that is not our redirect. Only a plain refusal is
// certain: a page may be a sign-in form as well.
func (e *examination) refusal(status int, page string) domain.Finding {
	finding := domain.Finding{Check: checkName, Status: domain.Broken, Seen: fmt.Sprintf("the provider refuses with status %d", status)}
	register := "register " + e.registration.RedirectURI + " with the provider as a redirect URI"
	name := "check OIDC_RP_CLIENT_ID (" + e.config.ClientID + ")"
	aboutRedirect, aboutClient := mentionsRedirect(page), mentionsAny(page, "client_id", "invalid_client", "client not found", "unknown client", "invalid client", "client id")
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
	default:
		finding.Status, finding.Mend = domain.Doubtful, register+"; "+name
	}
	return finding
}

func mentionsRedirect(page string) bool {
	return mentionsAny(page, "redirect_uri", "redirect uri", "redirect url", "redirecturi", "callback url", "reply url")
}

func mentionsAny(page string, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(page, word) })
}
