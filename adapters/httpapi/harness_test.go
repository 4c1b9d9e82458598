package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"meet/adapters/httpapi"
	"meet/adapters/livekit"
	"meet/adapters/memstore"
	"meet/application/access"
	"meet/application/dialin"
	"meet/application/event"
	"meet/application/invitation"
	"meet/application/lobby"
	"meet/application/moderation"
	"meet/application/room"
	"meet/application/signin"
	"meet/application/signout"
	"meet/application/subtitle"
	"meet/domain"
	"meet/test/fake"
)

const (
	host      = "testserver"
	liveKey   = "devkey-padded-for-minimum-len!-livekit"
	liveCode  = "secret-key-padded-for-minimum-len!-livekit"
	liveURL   = "https://livekit.example"
	api       = "/api/v1.0"
	noSession = `{"detail":"Authentication credentials were not provided."}`
	forbidden = `{"detail":"You do not have permission to perform this action."}`
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// world is a server on in-memory adapters.
type world struct {
	t         testing.TB
	server    *httpapi.Server
	store     *memstore.Store
	users     memstore.Users
	rooms     memstore.Rooms
	accesses  memstore.Accesses
	provider  *fake.Provider
	meeting   *fake.LiveKit
	lobby     *memstore.Lobby
	bans      memstore.Bans
	events    *event.Service
	mail      *fake.Mailer
	invites   *invitation.Service
	lobbies   *lobby.Service
	analytics *fake.Analytics
	meter     *fake.Meter
	*fake.World
}

// setup is what a test may change before the server is made.
type setup struct {
	http   httpapi.Config
	signIn signin.Config
	rooms  domain.TokenRules
	lobby  domain.LobbyRules
	events event.Rules
}

func newWorld(t testing.TB, changes ...func(*setup)) *world {
	t.Helper()
	s := setup{
		http: httpapi.Config{
			AllowedHosts: []string{host}, SessionCookie: "sessionid", SessionAge: 12 * time.Hour,
			TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
			ReturnToField:  "returnTo", LoginRedirect: "/home", LoginFailure: "/failure", LogoutRedirect: "/bye",
			LogoutByGet: true, StoreIDToken: true, Languages: []string{"en-us", "fr-fr", "nl-nl", "de-de"},
			Rates: httpapi.Rates{
				CreationCallback: httpapi.Rate{Limit: 600, Period: time.Minute}, RequestEntry: httpapi.Rate{Limit: 150, Period: time.Minute},
				RoomkitJoin: httpapi.Rate{Limit: 300, Period: time.Minute}, ConnectionTest: httpapi.Rate{Limit: 30, Period: time.Minute},
				Invitations: httpapi.Rate{Limit: 1000, Period: 24 * time.Hour},
			},
			Secret: "a secret of tests", LobbyCookie: "lobbyParticipantId", ForbiddenPermissions: []string{"hidden", "recorder", "agent"},
			Documentation: true, LiveKitURL: liveURL, Client: httpapi.ClientConfig{MayEditName: true, LanguageCode: "en-us"},
			FrontendFiles: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}},
		},
		signIn: signin.Config{
			Language: "en-us",
			Claims: domain.ClaimRules{
				FullNameFields: []string{"given_name", "usual_name"}, ShortNameField: "given_name", SubImmutable: true, CreateUsers: true,
			},
		},
		rooms: domain.TokenRules{
			DefaultSources: []string{"camera", "microphone", "screen_share", "screen_share_audio"}, MembersMayName: true,
			Unregistered: true, DefaultLevel: domain.Public, PinAttempts: 5, CallbackTimeout: 10 * time.Minute,
			TestPrefix: "connection-test", TestTTL: 5 * time.Minute,
		},
		lobby:  domain.LobbyRules{Waiting: 3 * time.Second, Accepted: 6 * time.Hour, Denied: 5 * time.Second, Notice: "participantWaiting"},
		events: event.Rules{TestPrefix: "connection-test", TestAge: 310 * time.Second},
	}
	for _, change := range changes {
		change(&s)
	}
	store := memstore.New()
	w := &world{
		t: t, store: store, users: memstore.Users{Store: store}, rooms: memstore.Rooms{Store: store},
		accesses: memstore.Accesses{Store: store}, provider: fake.NewProvider(), meeting: fake.NewLiveKit(),
		analytics: &fake.Analytics{}, meter: fake.NewMeter(), World: fake.NewWorld(),
	}
	around, sessions, marks, revocations := w.Surroundings(), memstore.Sessions{Store: store}, memstore.Marks{Store: store}, memstore.Revocations{Store: store}
	tokens := livekit.NewTokens(livekit.Config{URL: liveURL, Key: liveKey, Secret: liveCode})
	w.lobby, w.bans, w.mail = memstore.NewLobby(w.Now), memstore.Bans{Store: store}, &fake.Mailer{}
	leases := memstore.Leases{Store: store}
	w.events = event.New(event.Stores{
		Inbox: memstore.Inbox{Store: store}, Attendance: memstore.Attendance{Store: store}, Leases: leases,
		Rooms: w.rooms, Entries: w.lobby, Bans: w.bans, Accounts: w.users, Recordings: memstore.Recordings{Store: store},
		Revocations: revocations,
	}, event.LiveKit{Webhooks: tokens, Meeting: w.meeting, People: w.meeting, DialIn: w.meeting.DialIn(), Agents: w.meeting, Egresses: w.meeting}, around, s.events)
	w.invites = invitation.New(memstore.Outbox{Store: store}, w.mail, leases, store.Atomically, around)
	w.lobbies = lobby.New(w.rooms, w.lobby, w.bans, w.meeting, tokens, around, lobby.Rules{LobbyRules: s.lobby, Tokens: s.rooms})
	counts, err := memstore.NewCounts()
	if err != nil {
		t.Fatal(err)
	}
	w.server, err = httpapi.New(httpapi.Uses{
		SignIn:  signin.New(w.users, marks, w.provider, w.analytics, around, s.signIn),
		SignOut: signout.New(w.users, sessions, marks, revocations, w.provider, w.analytics, w.events.Evict, store.Atomically, around),
		Lobby:   w.lobbies, Events: w.events, Invitations: w.invites, Bans: w.bans, Subtitles: subtitle.New(w.meeting, w.meeting, leases, around, subtitle.Agent(s.http.SubtitleAgent)), Passes: tokens, Counts: counts,
		Moderation: moderation.New(w.meeting, w.meeting, w.lobby, w.bans, w.users, w.accesses, store.Atomically, around),
		DialIn:     dialin.New(w.rooms, w.meeting.DialIn(), w.analytics, around),
		Rooms:      room.New(w.rooms, marks, revocations, w.meeting, tokens, w.analytics, store.Atomically, around, s.rooms),
		Accesses:   access.New(w.accesses, w.accesses, w.users, store.Atomically, around), AccessList: w.accesses, Users: w.users, Sessions: sessions, Arrivals: memstore.Arrivals{Store: store},
		Ping: store.Ping, World: around, Meter: w.meter,
	}, s.http)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// user adds a person called name, changed by the changes.
func (w *world) user(name string, changes ...func(*domain.User)) domain.User {
	w.t.Helper()
	now := w.Now()
	user := domain.User{
		Profile: domain.Profile{
			ID: w.NewID(), Email: name + "@example.com", FullName: name + " Doe", ShortName: name, Timezone: "UTC", Language: "en-us",
		},
		Sub: "sub-" + name, CreatedAt: now, UpdatedAt: now, Password: "!", IsActive: true,
	}
	for _, change := range changes {
		change(&user)
	}
	if err := w.users.Add(w.t.Context(), user); err != nil {
		w.t.Fatal(err)
	}
	return user
}

// room adds a room that owner owns.
func (w *world) room(name string, owner domain.User, changes ...func(*domain.Room)) domain.Room {
	w.t.Helper()
	made, err := domain.NewRoom(w.NewID(), name, "abc-defg-hij", domain.Public, nil, w.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, change := range changes {
		change(&made)
	}
	if err := w.rooms.Add(w.t.Context(), made, w.role(made, owner, domain.Owner)); err != nil {
		w.t.Fatal(err)
	}
	return made
}

func (w *world) role(r domain.Room, user domain.User, role domain.Role) domain.ResourceAccess {
	now := w.Now()
	return domain.ResourceAccess{ID: w.NewID(), CreatedAt: now, UpdatedAt: now, UserID: user.ID, ResourceID: r.ID, Role: role}
}

// grant gives the user a role on the room.
func (w *world) grant(r domain.Room, user domain.User, role domain.Role) domain.ResourceAccess {
	w.t.Helper()
	access := w.role(r, user, role)
	if err := w.accesses.Add(w.t.Context(), access, user.ID, func(domain.Role) error { return nil }); err != nil {
		w.t.Fatal(err)
	}
	return access
}

// current is the room as it is stored.
func (w *world) current(r domain.Room) domain.Room {
	w.t.Helper()
	view, err := w.rooms.View(w.t.Context(), domain.RoomKey{ID: r.ID}, domain.User{}.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return view.Room
}

// browser is one client with its cookies.
type browser struct {
	*world
	cookies map[string]string
	header  map[string]string // sent with every request
}

func (w *world) stranger() *browser {
	return &browser{w, map[string]string{}, map[string]string{}}
}

// as signs the user in through the provider.
func (w *world) as(user domain.User) *browser {
	w.t.Helper()
	b := w.stranger()
	w.provider.People[user.Sub] = map[string]any{"sub": user.Sub}
	if answer := b.signIn(user.Sub); answer.header("Location") != "/home" {
		w.t.Fatalf("sign-in of %s ended at %s", user.Sub, answer.header("Location"))
	}
	b.header["X-CSRFToken"] = b.cookies["csrftoken"]
	return b
}

// signIn makes the trip to the provider and comes back with the code.
func (b *browser) signIn(code string) answer {
	b.t.Helper()
	return b.get("/callback/?code=" + code + "&state=" + b.start("/authenticate/"))
}

// start begins a sign-in and returns its state.
func (b *browser) start(path string) string {
	b.t.Helper()
	target, err := url.Parse(b.get(path).header("Location"))
	if err != nil {
		b.t.Fatal(err)
	}
	return target.Query().Get("state")
}

// answer is a response, read.
type answer struct {
	t      testing.TB
	status int
	body   string
	raw    *http.Response
}

func (a answer) header(name string) string { return a.raw.Header.Get(name) }

// json decodes the body.
func (a answer) json() map[string]any {
	a.t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(a.body), &object); err != nil {
		a.t.Fatalf("body %q: %v", a.body, err)
	}
	return object
}

// is checks status and, unless it is "-", the body.
func (a answer) is(status int, body string) {
	a.t.Helper()
	if a.status != status || (body != "-" && a.body != body) {
		a.t.Errorf("got %d %s\nwant %d %s", a.status, a.body, status, body)
	}
}

func (b *browser) get(path string) answer    { b.t.Helper(); return b.send("GET", path, nil) }
func (b *browser) delete(path string) answer { b.t.Helper(); return b.send("DELETE", path, nil) }
func (b *browser) post(path string, body any) answer {
	b.t.Helper()
	return b.send("POST", path, body)
}
func (b *browser) put(path string, body any) answer { b.t.Helper(); return b.send("PUT", path, body) }
func (b *browser) patch(path string, body any) answer {
	b.t.Helper()
	return b.send("PATCH", path, body)
}

// form is a body that is sent as multipart.
type form map[string]string

// send makes a request below the API, unless the path starts with "//".
// A string body is sent as it is, a form as multipart, the rest as JSON.
func (b *browser) send(method, path string, body any) answer {
	b.t.Helper()
	kind, content := "application/json", ""
	switch v := body.(type) {
	case nil:
		kind = ""
	case string:
		content = v
	case form:
		var buffer bytes.Buffer
		writer := multipart.NewWriter(&buffer)
		for name, value := range v {
			_ = writer.WriteField(name, value)
		}
		_ = writer.Close()
		kind, content = writer.FormDataContentType(), buffer.String()
	default:
		text, err := json.Marshal(v)
		if err != nil {
			b.t.Fatal(err)
		}
		content = string(text)
	}
	target := api + path
	if below, outside := strings.CutPrefix(path, "//"); outside {
		target = "/" + below
	}
	request := httptest.NewRequestWithContext(b.t.Context(), method, "http://"+host+escaped(target), strings.NewReader(content))
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	for name, value := range b.header {
		switch name {
		case "Host":
			request.Host = value
			continue
		case "Peer":
			request.RemoteAddr = value
			continue
		}
		request.Header.Set(name, value)
	}
	for name, value := range b.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	recorder := httptest.NewRecorder()
	b.server.ServeHTTP(recorder, request)
	raw := recorder.Result()
	for _, cookie := range raw.Cookies() {
		b.cookies[cookie.Name] = cookie.Value
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		}
	}
	read, err := io.ReadAll(raw.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	a := answer{b.t, raw.StatusCode, string(read), raw}
	if a.status >= 500 && b.provider.Err == nil {
		b.t.Errorf("%s %s: %d %s", method, path, a.status, a.body)
	}
	if strings.HasPrefix(request.URL.Path, api+"/") && a.header("Cache-Control") != "no-store" {
		b.t.Errorf("%s %s may be stored: %q", method, path, a.header("Cache-Control"))
	}
	checkDocumented(b.t, request, content, a)
	return a
}

// escaped leaves what is escaped alone and escapes the rest.
func escaped(target string) string {
	var out strings.Builder
	for _, c := range []byte(target) {
		if c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&out, "%%%02X", c)
			continue
		}
		out.WriteByte(c)
	}
	return out.String()
}
