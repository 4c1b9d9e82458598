package demoidp

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// No cache may keep a token, nor an answer that refuses one.
func TestAnswersOfTheProviderAreNotStored(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	const origin = "http://127.0.0.1:9"
	handler, err := newHandler("http://idp.example", Config{ClientID: "meet", Secret: "secret", Origins: []string{origin}, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	send := func(method, target string, form url.Values) *httptest.ResponseRecorder {
		request := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if stored := answer.Header().Get("Cache-Control"); stored != "no-store" {
			t.Errorf("%s %s: Cache-Control %q", method, target, stored)
		}
		return answer
	}
	redirect := origin + "/api/v1.0/callback/"
	begun := send(http.MethodGet, "/authorize?"+url.Values{
		"client_id": {"meet"}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"openid"}, "state": {"s"},
	}.Encode(), nil)
	login, err := begun.Result().Location()
	if err != nil {
		t.Fatal(err)
	}
	chosen := send(http.MethodPost, "/login", url.Values{"id": {login.Query().Get("id")}, "subject": {People[0].Subject}})
	back, err := chosen.Result().Location()
	if err != nil {
		t.Fatal(err)
	}
	returned, err := send(http.MethodGet, back.String(), nil).Result().Location()
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {returned.Query().Get("code")}, "redirect_uri": {redirect}, "client_id": {"meet"}, "client_secret": {"secret"},
	}
	if answer := send(http.MethodPost, "/oauth/token", form); answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), "access_token") {
		t.Errorf("token answer %d: %s", answer.Code, answer.Body)
	}
	send(http.MethodPost, "/oauth/token", url.Values{})
	send(http.MethodGet, "/userinfo", nil)
}
