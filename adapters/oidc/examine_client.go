package oidc

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"meet/domain"
)

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
	return judged(status, refusal.Error, known.auth)
}

// judged reads the token endpoint's complaint (RFC 6749, section 5.2).
func judged(status int, complaint, auth string) domain.Finding {
	const check = "oidc.client"
	switch {
	case auth == authPrivateKey && (complaint == "invalid_client" || status == http.StatusUnauthorized):
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "the provider refuses our signature (private_key_jwt)",
			Mend: "check OIDC_RP_CLIENT_ID, and register the public part of OIDC_RP_PRIVATE_KEY_STR with the provider: it is served at /jwks"}
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
