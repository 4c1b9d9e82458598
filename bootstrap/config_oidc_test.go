package bootstrap_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"meet/bootstrap"
)

func TestTheProviderHasToConfirmASignInInTime(t *testing.T) {
	t.Parallel()
	for recheck, want := range map[string]time.Duration{"0": 12 * time.Hour, "900": 15 * time.Minute, "86400": 12 * time.Hour} {
		config, problems := bootstrap.Load(with(minimal(), map[string]string{"OIDC_SESSION_RECHECK_AGE": recheck}))
		if len(problems) > 0 || config.HTTP.SessionAge != want {
			t.Errorf("%q: sessions last %s, problems %v", recheck, config.HTTP.SessionAge, problems)
		}
	}
}

func TestScopesWithoutOpenidAreWarnedOf(t *testing.T) {
	t.Parallel()
	for scopes, warned := range map[string]bool{"openid email": false, "email openid": false, "email": true, "": true, "openidx": true} {
		config, _ := bootstrap.Load(with(minimal(), map[string]string{"OIDC_RP_SCOPES": scopes}))
		if got := strings.Contains(strings.Join(config.Warnings, "\n"), "OIDC_RP_SCOPES does not hold openid"); got != warned {
			t.Errorf("%q: warned %v", scopes, got)
		}
	}
}

// The provider finds our public keys at /jwks, one for each use.
func TestOurKeysArePublishedByTheirUse(t *testing.T) {
	t.Parallel()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	inPEM := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	inJWK, err := json.Marshal(jose.JSONWebKey{Key: private, KeyID: "ours"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		env  map[string]string
		uses string
		only bool
	}{
		"none":         {nil, "", false},
		"one for both": {map[string]string{"OIDC_RS_PRIVATE_KEY_STR": inPEM}, "enc sig", false},
		"one to sign":  {map[string]string{"OIDC_RP_PRIVATE_KEY_STR": string(inJWK)}, "sig", true},
	} {
		config, problems := bootstrap.Load(with(minimal(), c.env))
		set, _ := config.HTTP.PublicKeys.(jose.JSONWebKeySet)
		var uses []string
		ids := map[string]bool{}
		for _, key := range set.Keys {
			uses = append(uses, key.Use)
			ids[key.KeyID] = true
			if !key.IsPublic() || key.KeyID == "" {
				t.Errorf("%s: published %+v", name, key)
			}
		}
		if len(problems) > 0 || strings.Join(uses, " ") != c.uses || len(ids) != len(uses) || config.OIDC.ClientKeyOnly != c.only {
			t.Errorf("%s: uses %v, ids %v, problems %v", name, uses, ids, problems)
		}
	}
	if _, problems := bootstrap.Load(with(minimal(), map[string]string{"OIDC_RP_PRIVATE_KEY_STR": "nonsense"})); len(problems) == 0 {
		t.Error("nonsense is taken for a key")
	}
}
