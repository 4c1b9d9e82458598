package httpapi_test

import (
	"testing"

	"meet/domain"
)

func TestMeetingAnAdministratorWhoIsKeptOutModeratesNothing(t *testing.T) {
	t.Parallel()
	s, calls := busy(t, withSubtitles)
	removed := s.as(s.admin)
	friend := s.grant(s.room, s.user("friend"), domain.Member)
	s.act(s.as(s.owner), "remove", s.admin.Sub).is(200, meetingDone)
	s.meeting.Calls = nil
	for _, call := range calls {
		removed.send(call.method, s.path+call.action, call.body).is(403, meetingPrivileges)
	}
	s.mute(removed).is(403, forbidden)
	for _, change := range []map[string]any{{"access_level": "public"}, {"name": "Mine"}, {"configuration": map[string]any{"everyone_can_mute": false}}} {
		removed.patch(s.path, change).is(403, forbidden)
	}
	removed.put(s.path, map[string]any{"name": "Mine"}).is(403, forbidden)
	removed.delete(s.path).is(403, forbidden)
	// Nor does the administrator work through others.
	access := "/resource-accesses/" + friend.ID.String() + "/"
	removed.patch(access, map[string]any{"role": "administrator"}).is(403, forbidden)
	removed.delete(access).is(403, forbidden)
	removed.post("/resource-accesses/", map[string]any{"user": s.guest.ID, "resource": s.room.ID, "role": "administrator"}).
		is(403, `{"detail":"You must be administrator or owner of a room to add accesses to it."}`)
	if got := s.meeting.Said(); len(got) != 0 || s.roleOf(s.guest) != domain.NoRole || s.current(s.room).AccessLevel != domain.Restricted {
		t.Errorf("called %v, guest is %q, room %+v", got, s.roleOf(s.guest), s.current(s.room))
	}
	s.act(s.as(s.owner), "readmit", s.admin.Sub).is(200, meetingDone)
	removed.get(s.path+"waiting-participants/").is(200, "-")
	removed.patch(s.path, map[string]any{"access_level": "public"}).is(200, "-")
}

func TestMeetingAnotherRoomsBanIsNoHindrance(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.join(s.admin.Sub)
	s.act(s.as(s.owner), "remove", s.admin.Sub).is(200, meetingDone)
	s.world.room("elsewhere", s.admin)
	s.as(s.admin).patch("/rooms/elsewhere/", map[string]any{"access_level": "trusted"}).is(200, "-")
}
