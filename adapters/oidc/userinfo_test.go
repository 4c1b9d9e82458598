package oidc_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"meet/adapters/oidc"
	"meet/domain"
)

func TestUserinfoFormats(t *testing.T) {
	t.Parallel()
	key := otherKey(t)
	for name, c := range map[string]struct {
		format  string
		kind    string
		claims  map[string]any
		encrypt bool
		wrong   bool // signed by another key
		ok      bool
	}{
		"signed, found out":            {"AUTO", "application/jwt", nil, false, false, true},
		"signed, odd spelling":         {"AUTO", "application/JWT; charset=utf-8", nil, false, false, true},
		"signed, demanded":             {"JWT", "text/plain", nil, false, false, true},
		"signed, not expected":         {"JSON", "application/jwt", nil, false, false, false},
		"plain, but signed demanded":   {"JWT", "plain", nil, false, false, false},
		"encrypted":                    {"AUTO", "application/jwt", nil, true, false, true},
		"signed by another":            {"AUTO", "application/jwt", nil, false, true, false},
		"encrypted, signed by another": {"AUTO", "application/jwt", nil, true, true, false},
		"for another client":           {"AUTO", "application/jwt", map[string]any{"aud": "another"}, false, false, false},
		"of another issuer":            {"AUTO", "application/jwt", map[string]any{"iss": "https://evil.example"}, false, false, false},
		"expired":                      {"AUTO", "application/jwt", map[string]any{"exp": 1}, false, false, false},
		"a replayed id token":          {"AUTO", "application/jwt", map[string]any{"nonce": "nonce"}, false, false, false},
		"about somebody else":          {"AUTO", "application/jwt", map[string]any{"sub": "eve"}, false, false, false},
	} {
		l := newLiar(t)
		claims := map[string]any{"sub": "ada", "email": "ada@example.com"}
		for claim, value := range c.claims {
			claims[claim] = value
		}
		l.userinfo = func(w http.ResponseWriter, _ *http.Request) {
			token := l.sign(claims)
			if c.wrong {
				token = signed(t, jose.RS256, jose.JSONWebKey{Key: otherKey(t), KeyID: "k1"}, claims)
			}
			if c.encrypt {
				encrypter, _ := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.RSA_OAEP, Key: &key.PublicKey}, nil)
				object, _ := encrypter.Encrypt([]byte(token))
				token, _ = object.CompactSerialize()
			}
			w.Header().Set("Content-Type", c.kind)
			if c.kind == "plain" {
				_ = json.NewEncoder(w).Encode(claims)
				return
			}
			_, _ = io.WriteString(w, token)
		}
		identity, err := l.identify(t, func(config *oidc.Config) { config.UserinfoFormat, config.DecryptionKey = c.format, key })
		if (err == nil) != c.ok || (c.ok && identity.Claims["email"] != "ada@example.com") || (!c.ok && !errors.Is(err, domain.ErrSignInRefused)) {
			t.Errorf("%s: got %+v, error %v", name, identity, err)
		}
	}
}
