package httpapi_test

import (
	"strings"
	"testing"
	"time"

	"meet/domain"
)

func TestMeetingAHeldListIsAnsweredByAKnock(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.follow()
	boss, visitor := s.as(s.owner), s.recognised()
	list := func(b *browser) answer { return b.get(s.path + "waiting-participants/") }
	empty := list(boss)
	boss.header["If-None-Match"] = empty.header("ETag")
	answered := boss.held("wait=20", list)
	s.knock(visitor, "Ann")
	a := <-answered
	roomsHas(a, 200, map[string]any{"participants.0.username": "Ann", "participants.1": nil})
	if a.header("ETag") == empty.header("ETag") || a.header("Preference-Applied") != "wait=20" {
		t.Errorf("headers %v", a.raw.Header)
	}
	boss.header["If-None-Match"] = a.header("ETag")
	answered = boss.held("wait=20", list)
	s.decide(boss, visitor.id(), true)
	(<-answered).is(200, `{"participants":[]}`)
}

func TestMeetingTheEmptyListHasOneTag(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	boss := s.as(s.owner)
	before := boss.get(s.path + "waiting-participants/").header("ETag")
	s.knock(s.stranger(), "Ann")
	s.Forward(3 * time.Second)
	if after := boss.get(s.path + "waiting-participants/").header("ETag"); before != after {
		t.Errorf("nobody waits: %s before anybody knocked, %s after", before, after)
	}
}

func TestMeetingAHeldListNoticesWhoGaveUp(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, func(s *setup) { s.lobby.Waiting = 20 * time.Millisecond })
	s.follow()
	s.knock(s.stranger(), "Ann")
	boss := s.as(s.owner)
	boss.header["If-None-Match"] = boss.get(s.path + "waiting-participants/").header("ETag")
	answered := boss.held("wait=20", func(b *browser) answer { return b.get(s.path + "waiting-participants/") })
	s.Forward(20 * time.Millisecond)
	(<-answered).is(200, `{"participants":[]}`)
}

func TestMeetingAListThatIsKnownIsNotSentAgain(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.lobbies.Close() // answers who is held at once
	s.knock(s.stranger(), "Ann")
	boss := s.as(s.owner)
	first := boss.get(s.path + "waiting-participants/")
	for _, wait := range []string{"", "wait=20"} {
		boss.header["If-None-Match"], boss.header["Prefer"] = first.header("ETag"), wait
		a := boss.get(s.path + "waiting-participants/")
		a.is(304, "")
		if a.header("ETag") != first.header("ETag") || a.header("ETag") == "" {
			t.Errorf("headers %v", a.raw.Header)
		}
	}
	boss.header["If-None-Match"] = `"stale"`
	boss.get(s.path+"waiting-participants/").is(200, first.body)
}

// A tag is compared weakly (RFC 9110, 13.1.2): proxies that compress weaken it.
func TestMeetingATagIsKnownInAllItsSpellings(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.knock(s.stranger(), "Ann")
	boss := s.as(s.owner)
	tag := boss.get(s.path + "waiting-participants/").header("ETag")
	for _, known := range []string{"W/" + tag, `"x", ` + tag, `W/"x",W/` + tag + `, "y"`} {
		boss.header["If-None-Match"] = known
		boss.get(s.path+"waiting-participants/").is(304, "")
	}
	for _, other := range []string{`W/"x"`, `"x", "y"`, strings.Trim(tag, `"`), ""} {
		boss.header["If-None-Match"] = other
		boss.get(s.path+"waiting-participants/").is(200, "-")
	}
}

func TestMeetingAHeldListIsForModeratorsAlone(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	for b, status := range map[*browser]int{s.stranger(): 401, s.as(s.guest): 403, s.as(s.member): 403} {
		b.header["Prefer"] = "wait=20"
		b.get(s.path+"waiting-participants/").is(status, "-") // at once
	}
	boss := s.as(s.owner)
	boss.header["Prefer"] = "wait=20"
	boss.get(roomsPath("nowhere")+"waiting-participants/").is(404, roomsNoRoom)
}
