package httpapi_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"meet/domain"
)

const (
	roomsNoRoom    = `{"detail":"No Room matches the given query."}`
	roomsNotFound  = `{"detail":"Not found."}`
	roomsBadPage   = `{"detail":"Invalid page."}`
	roomsSlugTaken = `{"slug":["Room with this Slug already exists."]}`
	roomsUUID      = "918689fb-038e-4e81-bf09-efd5902c5f0b"
)

// roomsLevel and roomsConfig change a room before it is stored.
func roomsLevel(level domain.AccessLevel) func(*domain.Room) {
	return func(r *domain.Room) { r.AccessLevel = level }
}

func roomsConfig(configuration domain.RoomConfiguration) func(*domain.Room) {
	return func(r *domain.Room) { r.Configuration = configuration }
}

// roomsLike checks status and JSON body, whatever the order of its keys.
func roomsLike(a answer, status int, want string) {
	a.t.Helper()
	var got, wanted any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		a.t.Fatalf("%s: %v", want, err)
	}
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != status || !reflect.DeepEqual(got, wanted) {
		a.t.Errorf("got %d %.2000s\nwant %d %.2000s", a.status, a.body, status, want)
	}
}

// roomsAt is the value of the body at a dotted path, such as "results.0.name".
func roomsAt(a answer, path string) any {
	a.t.Helper()
	var value any
	if err := json.Unmarshal([]byte(a.body), &value); err != nil {
		a.t.Errorf("body %q: %v", a.body, err)
	}
	for _, step := range strings.Split(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			index := 0
			if _, err := fmt.Sscan(step, &index); err != nil || index >= len(v) {
				return nil
			}
			value = v[index]
		default:
			return nil
		}
	}
	return value
}

func roomsKeys(value any) string {
	object, _ := value.(map[string]any)
	return strings.Join(slices.Sorted(maps.Keys(object)), " ")
}

// roomsHas checks values of the body, by their paths.
func roomsHas(a answer, status int, want map[string]any) {
	a.t.Helper()
	if a.status != status {
		a.t.Errorf("got %d %s, want %d", a.status, a.body, status)
		return
	}
	for path, value := range want {
		if got := roomsAt(a, path); !reflect.DeepEqual(got, value) {
			a.t.Errorf("%s is %#v, want %#v", path, got, value)
		}
	}
}

// roomsClaims is the payload of a token that we signed.
func roomsClaims(t testing.TB, token any) map[string]any {
	t.Helper()
	text, _ := token.(string)
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		t.Fatalf("%v is no token", token)
	}
	mac := hmac.New(sha256.New, []byte(liveCode))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	if parts[2] != base64.RawURLEncoding.EncodeToString(mac.Sum(nil)) {
		t.Errorf("token with a bad signature")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]any{}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

// roomsRaw is a request that the harness cannot make.
type roomsRaw struct {
	method, path, body string
	header             http.Header
	from               string // the peer's address
}

func (r roomsRaw) send(b *browser) answer {
	b.t.Helper()
	request := httptest.NewRequestWithContext(b.t.Context(), r.method, "http://"+host+api+escaped(r.path), strings.NewReader(r.body))
	for name, value := range b.header {
		request.Header.Set(name, value)
	}
	for name, value := range b.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	maps.Copy(request.Header, r.header)
	if r.from != "" {
		request.RemoteAddr = r.from
	}
	recorder := httptest.NewRecorder()
	b.server.ServeHTTP(recorder, request)
	raw := recorder.Result()
	read, err := io.ReadAll(raw.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	a := answer{b.t, raw.StatusCode, string(read), raw}
	checkDocumented(b.t, request, r.body, a)
	return a
}

func roomsType(kinds ...string) http.Header { return http.Header{"Content-Type": kinds} }

// roomsMultipart sends parts in their order: name, value, name, value…
func roomsMultipart(b *browser, method, path string, parts ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	writer := multipart.NewWriter(&body)
	for i := 0; i+1 < len(parts); i += 2 {
		_ = writer.WriteField(parts[i], parts[i+1])
	}
	_ = writer.Close()
	return roomsRaw{method: method, path: path, body: body.String(), header: roomsType(writer.FormDataContentType())}.send(b)
}

// roomsState is all rooms and accesses that the user administers.
func roomsState(b *browser, user domain.User) string {
	b.t.Helper()
	all := domain.Page{Size: 1000, Number: 1}
	rooms, err := b.rooms.List(b.t.Context(), user.ID, all)
	if err != nil {
		b.t.Fatal(err)
	}
	accesses, err := b.accesses.List(b.t.Context(), user.ID, all)
	if err != nil {
		b.t.Fatal(err)
	}
	return fmt.Sprintf("%+v %+v", rooms, accesses)
}

func roomsPath(key string) string { return "/rooms/" + url.PathEscape(key) + "/" }

// roomsTogether runs the steps at the same time and returns their answers.
func roomsTogether(steps ...func() answer) []answer {
	answers, start, done := make([]answer, len(steps)), make(chan struct{}), make(chan struct{})
	for i, step := range steps {
		go func() {
			<-start
			answers[i] = step()
			done <- struct{}{}
		}()
	}
	close(start)
	for range steps {
		<-done
	}
	return answers
}
