package httpapi_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

const (
	meetingDone       = `{"status":"success"}`
	meetingPrivileges = `{"detail":"You must have privileges on room to perform this action."}`
	meetingCookie     = "lobbyParticipantId"
	meetingNobody     = "2f7f162f-e7d1-421b-90e7-02bfbfbf8def"
)

// meetingScene is a room and everybody who could want something of it.
type meetingScene struct {
	*world
	owner, admin, member, guest domain.User // guest has no role on the room
	room                        domain.Room
	path                        string // of the room's endpoints
}

func newMeeting(t testing.TB, level domain.AccessLevel, changes ...func(*setup)) *meetingScene {
	t.Helper()
	w := newWorld(t, changes...)
	s := &meetingScene{world: w, owner: w.user("olga"), admin: w.user("adam"), member: w.user("mia"), guest: w.user("gus")}
	s.room = w.room("weekly", s.owner, roomsLevel(level))
	w.grant(s.room, s.admin, domain.Administrator)
	w.grant(s.room, s.member, domain.Member)
	s.path = roomsPath(s.room.ID.String())
	return s
}

// configure changes how the room is set up.
func (s *meetingScene) configure(configuration domain.RoomConfiguration) {
	s.t.Helper()
	err := s.rooms.Update(s.t.Context(), s.room.ID, s.owner.ID, func(r *domain.Room, _ domain.Role) error {
		r.Configuration = configuration
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// join puts somebody into the running meeting.
func (s *meetingScene) join(identity string, audio ...string) {
	s.meeting.Join(s.room.ID.String(), domain.Participant{Identity: identity, Name: "name of " + identity, Audio: audio}, s.Now())
}

// knock asks to be let in under the name.
func (s *meetingScene) knock(b *browser, name string) answer {
	s.t.Helper()
	return b.post(s.path+"request-entry/", map[string]any{"username": name})
}

// decide lets the browser in, or not.
func (s *meetingScene) decide(moderator *browser, id string, allow bool) {
	s.t.Helper()
	moderator.post(s.path+"enter/", map[string]any{"participant_id": id, "allow_entry": allow}).is(200, `{"message":"Participant was updated."}`)
}

// entry is what the lobby knows of the browser.
func (s *meetingScene) entry(id string) (domain.LobbyEntry, bool) {
	s.t.Helper()
	entry, there, err := s.lobby.Poll(s.t.Context(), s.room.ID, id, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return entry, there
}

// waiting counts who waits.
func (s *meetingScene) waiting() int {
	s.t.Helper()
	list, err := s.lobby.Waiting(s.t.Context(), s.room.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return len(list)
}

// called counts the calls to LiveKit that begin so.
func (w *world) called(prefix string) int {
	count := 0
	for _, call := range w.meeting.Said() {
		if strings.HasPrefix(call, prefix) {
			count++
		}
	}
	return count
}

// id is the browser's in the lobby.
func (b *browser) id() string {
	id, _, _ := strings.Cut(b.cookies[meetingCookie], ".")
	return id
}

// again is the same browser for another goroutine.
func (b *browser) again() *browser {
	return &browser{b.world, maps.Clone(b.cookies), maps.Clone(b.header)}
}

// meetingFails posts what may end in an answer of our server's fault.
func meetingFails(b *browser, path string, body any) answer {
	b.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	return roomsRaw{method: http.MethodPost, path: path, body: string(text), header: roomsType("application/json")}.send(b)
}

// meetingToken is a JWT of the claims, without those that are nil.
func meetingToken(algorithm, secret string, claims ...map[string]any) string {
	all := map[string]any{}
	for _, some := range claims {
		maps.Copy(all, some)
	}
	maps.DeleteFunc(all, func(_ string, value any) bool { return value == nil })
	encode := base64.RawURLEncoding.EncodeToString
	payload, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	text := encode([]byte(`{"alg":"`+algorithm+`","typ":"JWT"}`)) + "." + encode(payload)
	digest, signed := map[string]func() hash.Hash{"HS256": sha256.New, "HS384": sha512.New384, "HS512": sha512.New}[algorithm]
	if !signed {
		return text + "."
	}
	mac := hmac.New(digest, []byte(secret))
	mac.Write([]byte(text))
	return text + "." + encode(mac.Sum(nil))
}

// claims are those of a LiveKit access token for the room.
func (s *meetingScene) claims(identity string) map[string]any {
	now := time.Now().Unix()
	return map[string]any{
		"iss": liveKey, "sub": identity, "name": "Ann", "nbf": now, "exp": now + 21600,
		"video": map[string]any{"room": s.room.ID.String(), "roomJoin": true},
	}
}

// pass is a LiveKit access token for the room, with changed claims.
func (s *meetingScene) pass(identity string, changes ...map[string]any) string {
	return meetingToken("HS256", liveCode, append([]map[string]any{s.claims(identity)}, changes...)...)
}

// bearing is a browser that is known by the token alone.
func (w *world) bearing(token string) *browser {
	b := w.stranger()
	b.header["Authorization"] = "Bearer " + token
	return b
}

// hookAuth is how LiveKit signs a report, with changed claims.
func (w *world) hookAuth(body string, changes ...map[string]any) string {
	now, sum := time.Now().Unix(), sha256.Sum256([]byte(body))
	claims := map[string]any{"iss": liveKey, "nbf": now, "exp": now + 300, "sub": "", "sha256": base64.StdEncoding.EncodeToString(sum[:])}
	return meetingToken("HS256", liveCode, append([]map[string]any{claims}, changes...)...)
}

// deliver brings a report under the Authorization header.
func (w *world) deliver(authorization, body string) answer {
	w.t.Helper()
	header := roomsType("application/webhook+json")
	if authorization != "" {
		header.Set("Authorization", authorization)
	}
	return roomsRaw{method: http.MethodPost, path: "/rooms/webhooks-livekit/", body: body, header: header}.send(w.stranger())
}

// report brings LiveKit's report about the LiveKit room, which more follows.
func (w *world) report(id, event, sid, room, more string) {
	w.t.Helper()
	body := fmt.Sprintf(`{"event":%q,"id":%q,"createdAt":"%d","room":{"sid":%q,"name":%q,"creationTime":"%d"}%s}`,
		event, id, w.Now().Unix(), sid, room, w.Now().Unix(), more)
	w.deliver(w.hookAuth(body), body).is(200, meetingDone)
}

// drain handles what was reported.
func (w *world) drain() {
	w.t.Helper()
	if err := w.events.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// follow connects those who wait at the lobby with its news.
func (w *world) follow() {
	heard := make(chan struct{}, 1)
	go func() {
		_ = w.lobby.Follow(w.t.Context(), func(room uuid.UUID, id string) {
			select {
			case heard <- struct{}{}:
			default:
			}
			w.lobbies.Changed(room, id)
		})
	}()
	meetingUntil(func() bool {
		_ = w.lobby.Clear(w.t.Context(), uuid.Max)
		return len(heard) > 0
	})
}

// meetingUntil waits for the condition.
func meetingUntil(condition func() bool) {
	for !condition() {
		runtime.Gosched()
	}
}
