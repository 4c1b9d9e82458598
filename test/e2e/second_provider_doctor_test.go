package e2e

import (
	"strings"
	"testing"
	"time"

	"meet/adapters/oidc"
	"meet/domain"
)

// What keeps everybody out is an error, as a certified provider says it.
func TestSecondProviderIsExamined(t *testing.T) {
	keyClient, _ := clientWithAKey(t)
	for name, c := range map[string]struct {
		setup       secondSetup
		change      func(*oidc.Config, *oidc.Registration)
		check, mend string // "" when all is well
		status      domain.FindingStatus
	}{
		"a healthy set-up": {},
		"a redirect URI that is not registered": {
			change: func(_ *oidc.Config, r *oidc.Registration) { r.RedirectURI = "https://meet.invalid/api/v1.0/callback/" },
			check:  "oidc.redirect", mend: "register https://meet.invalid/api/v1.0/callback/", status: domain.Broken,
		},
		"PKCE that is wanted": {setup: secondSetup{requirePKCE: true}, check: "oidc.redirect", mend: "OIDC_USE_PKCE", status: domain.Broken},
		"a client that is not known": {
			change: func(c *oidc.Config, _ *oidc.Registration) { c.ClientID = "stranger" },
			check:  "oidc.redirect", mend: "OIDC_RP_CLIENT_ID", status: domain.Broken,
		},
		"a wrong secret": {
			change: func(c *oidc.Config, _ *oidc.Registration) { c.ClientSecret = "wrong" },
			check:  "oidc.client", mend: "OIDC_RP_CLIENT_SECRET", status: domain.Broken,
		},
		"a private key that is wanted": {setup: secondSetup{client: keyClient}, check: "oidc.discovery", mend: "OIDC_RP_PRIVATE_KEY_STR", status: domain.Broken},
		"scopes without openid": {
			change: func(c *oidc.Config, _ *oidc.Registration) { c.Scopes = "email" },
			check:  "oidc.scopes", mend: "openid", status: domain.Broken,
		},
		"a place to come back to that is not registered": {
			setup: secondSetup{client: secondValues{"post_logout_redirect_uris": []string{}}},
			check: "oidc.logout", mend: "/api/v1.0/logout-callback/", status: domain.Doubtful,
		},
	} {
		t.Run(name, func(t *testing.T) {
			stage := startSecondStage(t, c.setup)
			config := oidc.Config{
				Issuer: stage.provider, ClientID: "meet", ClientSecret: secondSecret, Algorithm: "RS256", Scopes: "openid email profile",
				UseNonce: true, UserinfoFormat: "AUTO", Timeout: 5 * time.Second, VerifyTLS: true,
			}
			registration := oidc.Registration{RedirectURI: stage.site + "/api/v1.0/callback/"}
			if c.change != nil {
				c.change(&config, &registration)
			}
			found := false
			for _, finding := range oidc.Examine(t.Context(), config, registration) {
				found = found || finding.Check == c.check && finding.Status == c.status && strings.Contains(finding.Mend, c.mend)
				if c.check == "" && (finding.Status == domain.Broken || finding.Status == domain.Doubtful) {
					t.Errorf("%+v", finding)
				}
			}
			if !found && c.check != "" {
				for _, finding := range oidc.Examine(t.Context(), config, registration) {
					t.Logf("%+v", finding)
				}
				t.Errorf("no %s of status %s that names %s", c.check, c.status, c.mend)
			}
		})
	}
}
