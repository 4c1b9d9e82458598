package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// leave begins a sign-in.
func (v *secondVisitor) leave(query string) secondPage {
	v.t.Helper()
	return v.open(v.site + "/api/v1.0/authenticate/?returnTo=" + url.QueryEscape(v.site+"/room?x=1") + query)
}

// signIn signs in by the provider's form and tells where that ended.
func (v *secondVisitor) signIn(login string) string {
	v.t.Helper()
	return v.submit(v.leave(""), "login", login).url
}

// secondAnswer is what the application says about who somebody is.
type secondAnswer struct {
	status int
	Email  string `json:"email"`
	Name   string `json:"full_name"`
}

const secondNobody = ""

var secondPeople = map[string]secondAnswer{
	"ada": {200, "ada@example.com", "Ada Lovelace"}, "grace": {200, "grace@example.com", "Grace Hopper"}, secondNobody: {401, "", ""},
}

func (v *secondVisitor) me() secondAnswer {
	v.t.Helper()
	page := v.open(v.site + "/api/v1.0/users/me/")
	answer := secondAnswer{status: page.status}
	if err := json.Unmarshal([]byte(page.body), &answer); err != nil {
		v.t.Fatalf("users/me answered %d: %s", page.status, page.body)
	}
	return answer
}

func (v *secondVisitor) mustBe(login string) {
	v.t.Helper()
	if got := v.me(); got != secondPeople[login] {
		v.t.Fatalf("users/me: %+v, want %+v", got, secondPeople[login])
	}
}

func (v *secondVisitor) mustArrive(got, want string) {
	v.t.Helper()
	if got != v.site+want {
		v.t.Fatalf("ended at %s, want %s, after %v", got, want, v.trail)
	}
}

type secondTexts = map[string]string
type secondValues = map[string]any

var secondBasic = secondValues{"token_endpoint_auth_method": "client_secret_basic"}
var secondSigned = secondValues{"userinfo_signed_response_alg": "RS256"}

// encryptedUserinfo registers for userinfo that only a private key opens,
// which is told as JWK and PEM.
func encryptedUserinfo(t testing.TB, algorithm jose.KeyAlgorithm, content jose.ContentEncryption) (registered secondValues, asJWK, asPEM string) {
	t.Helper()
	private, err := any(nil), error(nil)
	if algorithm == jose.ECDH_ES {
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	key := jose.JSONWebKey{Key: private, KeyID: "ours", Use: "enc", Algorithm: string(algorithm)}
	text, inJWK := key.MarshalJSON()
	der, inDER := x509.MarshalPKCS8PrivateKey(private)
	if err := errors.Join(err, inJWK, inDER); err != nil {
		t.Fatal(err)
	}
	return secondValues{
		"jwks":                            secondValues{"keys": []jose.JSONWebKey{key.Public()}},
		"userinfo_signed_response_alg":    "RS256",
		"userinfo_encrypted_response_alg": algorithm,
		"userinfo_encrypted_response_enc": content,
	}, string(text), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// clientWithAKey registers for private_key_jwt (RFC 7523).
func clientWithAKey(t testing.TB) (registered secondValues, private string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ours := jose.JSONWebKey{Key: key, KeyID: "ours", Use: "sig", Algorithm: "ES256"}
	text, err := ours.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return secondValues{
		"token_endpoint_auth_method": "private_key_jwt", "jwks": secondValues{"keys": []jose.JSONWebKey{ours.Public()}},
	}, string(text)
}

func TestSecondProviderNeedsOnlyConfiguration(t *testing.T) {
	rsaClient, _, inPEM := encryptedUserinfo(t, jose.RSA_OAEP_256, jose.A256GCM)
	ecClient, inJWK, _ := encryptedUserinfo(t, jose.ECDH_ES, jose.A128CBC_HS256)
	keyClient, signingKey := clientWithAKey(t)
	for name, setup := range map[string]secondSetup{
		"discovery, secret in the form, plain userinfo, RS256": {},
		"secret in the header, as the provider announces":      {client: secondBasic},
		"secret in the header, by configuration":               {explicit: true, client: secondBasic, env: secondTexts{"OIDC_TOKEN_USE_BASIC_AUTH": "true"}},
		"PKCE":                                                 {requirePKCE: true, env: secondTexts{"OIDC_USE_PKCE": "true"}},
		"signed userinfo":                                      {client: secondSigned, env: secondTexts{"OIDC_OP_USER_ENDPOINT_FORMAT": "AUTO"}},
		"signed and encrypted userinfo, key in PEM":            {client: rsaClient, env: secondTexts{"OIDC_RS_PRIVATE_KEY_STR": inPEM}},
		"signed and encrypted userinfo, key as JWK":            {client: ecClient, env: secondTexts{"OIDC_RS_PRIVATE_KEY_STR": inJWK, "OIDC_OP_USER_ENDPOINT_FORMAT": "JWT"}},
		"ES256":              {client: secondValues{"id_token_signed_response_alg": "ES256"}, env: secondTexts{"OIDC_RP_SIGN_ALGO": "ES256"}},
		"HS256":              {client: secondValues{"id_token_signed_response_alg": "HS256"}, env: secondTexts{"OIDC_RP_SIGN_ALGO": "HS256"}},
		"explicit endpoints": {explicit: true},
		"explicit endpoints, issuer found beside them":           {explicit: true, env: secondTexts{"OIDC_OP_URL": ""}},
		"userinfo signed in another algorithm than the id token": {client: secondValues{"userinfo_signed_response_alg": "ES256"}},
		"a private key instead of the secret":                    {client: keyClient, env: secondTexts{"OIDC_RP_PRIVATE_KEY_STR": signingKey, "OIDC_RP_CLIENT_SECRET": ""}},
		"a private key because the provider takes nothing else":  {client: keyClient, env: secondTexts{"OIDC_RS_PRIVATE_KEY_STR": signingKey}},
		"a scope per claim": {env: secondTexts{"OIDC_RP_SCOPES": "openid email given_name usual_name"}},
	} {
		t.Run(name, func(t *testing.T) {
			ada := startSecondStage(t, setup).visitor()
			ada.mustBe(secondNobody)
			ada.mustArrive(ada.signIn("ada"), "/room?x=1")
			ada.mustBe("ada")
		})
	}
}

func TestSecondProviderIsNotBelievedAgainstTheConfiguration(t *testing.T) {
	client, _, _ := encryptedUserinfo(t, jose.ECDH_ES, jose.A128CBC_HS256)
	for name, setup := range map[string]secondSetup{
		"PKCE missing":                     {requirePKCE: true},
		"wrong secret":                     {env: secondTexts{"OIDC_RP_CLIENT_SECRET": "wrong"}},
		"other algorithm":                  {client: secondValues{"id_token_signed_response_alg": "ES256"}},
		"secret in the form":               {explicit: true, client: secondBasic},
		"signed userinfo taken for plain":  {client: secondSigned, env: secondTexts{"OIDC_OP_USER_ENDPOINT_FORMAT": "JSON"}},
		"plain userinfo taken for signed":  {env: secondTexts{"OIDC_OP_USER_ENDPOINT_FORMAT": "JWT"}},
		"encrypted userinfo without a key": {client: client},
		"other issuer":                     {explicit: true, env: secondTexts{"OIDC_OP_URL": "http://127.0.0.1:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			ada := startSecondStage(t, setup).visitor()
			page := ada.leave("")
			if !setup.requirePKCE {
				page = ada.submit(page, "login", "ada")
			}
			ada.mustArrive(page.url, "/refused")
			ada.mustBe(secondNobody)
		})
	}
}

func TestSecondProviderIsSignedOutOfToo(t *testing.T) {
	for name, setup := range map[string]secondSetup{
		"discovery": {}, "explicit endpoints": {explicit: true}, "with a notice meanwhile": {backchannel: true},
	} {
		t.Run(name, func(t *testing.T) {
			ada := startSecondStage(t, setup).visitor()
			ada.signIn("ada")
			question := ada.open(ada.site + "/api/v1.0/logout/")
			if !strings.HasPrefix(question.url, ada.announced("end_session_endpoint")+"?") {
				t.Fatalf("asked at %s", question.url)
			}
			ada.mustBe(secondNobody) // whatever happens at the provider
			ada.mustArrive(ada.submit(question, "logout", "yes").url, "/goodbye")
			if back := ada.trail[1]; !strings.HasPrefix(back, ada.site+"/api/v1.0/logout-callback/?state=") {
				t.Errorf("came back by %s", back)
			}
			ada.mustBe(secondNobody)
			ada.leave("&silent=true")
			ada.mustBe(secondNobody) // the provider has forgotten her too
		})
	}
}

// Our session is over before the browser leaves, whatever it meets there.
func TestSecondProviderMayFailToSignOut(t *testing.T) {
	for name, setup := range map[string]secondSetup{
		"the place to come back to is not registered": {client: secondValues{"post_logout_redirect_uris": []string{}}},
		"the place to sign out is gone": {explicit: true, env: secondTexts{
			"OIDC_OP_LOGOUT_ENDPOINT": "http://127.0.0.1:1/nowhere",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			ada := startSecondStage(t, setup).visitor()
			ada.mustArrive(ada.signIn("ada"), "/room?x=1")
			ada.halt = "http://127.0.0.1:1/"
			if page := ada.open(ada.site + "/api/v1.0/logout/"); page.status == http.StatusOK {
				t.Errorf("the provider was content: %s", page.body)
			}
			ada.mustBe(secondNobody)
		})
	}
}

func TestSecondProviderEndsSessionsBehindTheBrowsersBack(t *testing.T) {
	for name, test := range map[string]struct {
		algorithm  string
		perSession bool // the logout token names the session, and other browsers stay signed in
	}{
		"one session": {"RS256", true}, "all sessions of a person": {"RS256", false}, "ES256": {"ES256", true}, "HS256": {"HS256", false},
	} {
		t.Run(name, func(t *testing.T) {
			stage := startSecondStage(t, secondSetup{
				backchannel: true, env: secondTexts{"OIDC_RP_SIGN_ALGO": test.algorithm},
				client: secondValues{"id_token_signed_response_alg": test.algorithm, "backchannel_logout_session_required": test.perSession},
			})
			laptop, phone, grace := stage.visitor(), stage.visitor(), stage.visitor()
			laptop.signIn("ada")
			phone.signIn("ada")
			grace.signIn("grace")
			laptop.mustBe("ada")
			laptop.submit(laptop.open(stage.announced("end_session_endpoint")), "logout", "yes")
			laptop.isOver()
			grace.mustBe("grace")
			if !test.perSession {
				phone.isOver()
				return
			}
			phone.mustBe("ada")
		})
	}
}

// isOver waits for the end of the session.
func (v *secondVisitor) isOver() {
	v.t.Helper()
	deadline, tick := time.After(secondProviderPatience), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for v.me() != secondPeople[secondNobody] {
		select {
		case <-deadline:
			v.t.Fatal("still signed in")
		case <-tick.C:
		}
	}
}

func TestSecondProviderSignsInSilently(t *testing.T) {
	ada := startSecondStage(t, secondSetup{}).visitor()
	ada.mustArrive(ada.leave("&silent=true").url, "/room?x=1")
	ada.mustBe(secondNobody)

	ada.signIn("ada")
	site := &url.URL{Scheme: "http", Host: strings.TrimPrefix(ada.site, "http://"), Path: "/"}
	ada.client.Jar.SetCookies(site, []*http.Cookie{{Name: "sessionid", Path: "/", MaxAge: -1}})
	ada.mustBe(secondNobody) // here, but the provider still knows her
	ada.mustArrive(ada.leave("&silent=true").url, "/room?x=1")
	if len(ada.trail) != 4 || !strings.Contains(ada.trail[1], "prompt=none") {
		t.Errorf("the browser was shown more than redirects: %v", ada.trail)
	}
	ada.mustBe("ada")
}

func TestSecondProviderAnswersOnlyTheBrowserThatAsked(t *testing.T) {
	stage := startSecondStage(t, secondSetup{})
	ada, stranger, busy := stage.visitor(), stage.visitor(), stage.visitor()
	ada.halt = stage.site + "/api/v1.0/callback/"
	callback := ada.signIn("ada") // the browser is not let through
	ada.halt = ""
	if !strings.Contains(callback, "code=") {
		t.Fatalf("no code in %s", callback)
	}
	busy.leave("") // has begun a sign-in of its own
	for _, other := range []*secondVisitor{stranger, busy} {
		other.mustArrive(other.open(callback).url, "/refused")
		other.mustBe(secondNobody)
	}
	ada.mustArrive(ada.open(callback).url, "/room?x=1")
	ada.mustBe("ada")
}
