package oidc

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"meet/domain"
)

// announced compares the configuration with what the provider tells of itself.
func (e *examination) announced(d document) []domain.Finding {
	findings := []domain.Finding{e.endpoints(d)}
	if list := d.SigningAlgorithms; len(list) > 0 && !slices.Contains(list, e.config.Algorithm) {
		findings = append(findings, domain.Finding{Check: "oidc.algorithm", Status: domain.Broken,
			Seen: fmt.Sprintf("%s is expected, the provider signs with %s", e.config.Algorithm, strings.Join(list, ", ")),
			Mend: "set OIDC_RP_SIGN_ALGO to one of these"})
	} else {
		findings = append(findings, domain.Finding{Check: "oidc.algorithm", Status: domain.Healthy, Seen: "tokens are signed with " + e.config.Algorithm})
	}
	if list, ours := d.UserinfoAlgorithms, e.config.UserinfoAlgorithm; ours != "" && len(list) > 0 && !slices.Contains(list, ours) {
		findings = append(findings, domain.Finding{Check: "oidc.algorithm", Status: domain.Broken,
			Seen: fmt.Sprintf("userinfo is expected in %s, the provider signs it with %s", ours, strings.Join(list, ", ")),
			Mend: "unset OIDC_USERINFO_SIGN_ALGO, or set it to one of these"})
	}
	return append(findings, e.pkce(d.ChallengeMethods))
}

func (e *examination) endpoints(d document) domain.Finding {
	for _, endpoint := range []struct{ name, ours, theirs string }{
		{"OIDC_OP_AUTHORIZATION_ENDPOINT", e.config.AuthorizationEndpoint, d.AuthorizationEndpoint},
		{"OIDC_OP_TOKEN_ENDPOINT", e.config.TokenEndpoint, d.TokenEndpoint},
		{"OIDC_OP_USER_ENDPOINT", e.config.UserinfoEndpoint, d.UserinfoEndpoint},
		{"OIDC_OP_JWKS_ENDPOINT", e.config.JWKSEndpoint, d.JWKSURI},
	} {
		if endpoint.ours != "" && endpoint.theirs != "" && endpoint.ours != endpoint.theirs {
			return domain.Finding{Check: "oidc.endpoints", Status: domain.Doubtful,
				Seen: fmt.Sprintf("%s is %q, the provider names %q", endpoint.name, endpoint.ours, endpoint.theirs),
				Mend: "remove " + endpoint.name + ", unless the provider is reached by another address on purpose"}
		}
	}
	return domain.Finding{Check: "oidc.endpoints", Status: domain.Healthy, Seen: "the addresses are those that the provider names"}
}

func (e *examination) pkce(announced []string) domain.Finding {
	const check = "oidc.pkce"
	method := "S256"
	if e.config.PlainPKCE {
		method = "plain"
	}
	switch {
	case e.registration.Verifier == "":
		return domain.Finding{Check: check, Status: domain.Healthy, Seen: "not used (OIDC_USE_PKCE)"}
	case len(announced) > 0 && !slices.Contains(announced, method):
		return domain.Finding{Check: check, Status: domain.Broken,
			Seen: fmt.Sprintf("%s is used, the provider takes %s", method, strings.Join(announced, ", ")),
			Mend: "set OIDC_PKCE_CODE_CHALLENGE_METHOD to one of these"}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: method + " is used"}
}

// keys checks that tokens of the configured algorithm could be verified.
func (e *examination) keys(ctx context.Context, address string) domain.Finding {
	finding := domain.Finding{Check: "oidc.keys", Status: domain.Broken}
	switch {
	case strings.HasPrefix(e.config.Algorithm, "HS"):
		finding.Status, finding.Seen = domain.Healthy, e.config.Algorithm+" needs only the client secret"
		return finding
	case address == "":
		finding.Status, finding.Seen = domain.Unexamined, "not asked: the address of the keys is not known"
		return finding
	}
	keys, err := e.published(ctx, address)
	if err != nil {
		finding.Seen, finding.Mend = "the provider's keys cannot be had: "+reason(err), "check OIDC_OP_JWKS_ENDPOINT"
		return finding
	}
	for _, key := range keys {
		if fits(key, e.config.Algorithm) {
			finding.Status, finding.Seen = domain.Healthy, "there is a key for "+e.config.Algorithm
			return finding
		}
	}
	finding.Seen = fmt.Sprintf("none of the provider's %d keys verifies %s", len(keys), e.config.Algorithm)
	finding.Mend = "set OIDC_RP_SIGN_ALGO to what the provider signs with, or OIDC_OP_JWKS_ENDPOINT to where its keys are"
	return finding
}
