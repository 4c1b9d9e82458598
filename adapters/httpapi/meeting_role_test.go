package httpapi_test

import (
	"slices"
	"testing"

	"meet/domain"
)

// promote asks to give somebody in the meeting another role.
func (s *meetingScene) promote(b *browser, identity string, role any) answer {
	s.t.Helper()
	return b.post(s.path+"update-participant-role/", map[string]any{"participant_identity": identity, "role": role})
}

func (s *meetingScene) roleOf(user domain.User) domain.Role {
	s.t.Helper()
	role, _, err := s.accesses.RoleOf(s.t.Context(), s.room.ID, user.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return role
}

// everybody joins.
func (s *meetingScene) everybody() {
	for _, user := range []domain.User{s.owner, s.admin, s.member, s.guest} {
		s.join(user.Sub)
	}
}

func TestMeetingModeratorsPromoteAndDemote(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		actor, target string
		role          domain.Role
	}{
		{"owner", "guest", domain.Administrator}, {"owner", "guest", domain.Member}, {"owner", "member", domain.Administrator},
		{"owner", "administrator", domain.Member}, {"administrator", "guest", domain.Administrator}, {"administrator", "member", domain.Administrator},
	} {
		s := newMeeting(t, domain.Restricted)
		s.everybody()
		people := map[string]domain.User{"owner": s.owner, "administrator": s.admin, "member": s.member, "guest": s.guest}
		target := people[test.target]
		b := s.as(people[test.actor])
		for range 2 { // again changes nothing, but tells LiveKit again
			s.meeting.Calls, s.meeting.Changes = nil, nil
			s.promote(b, target.Sub, test.role).is(200, `{"role":"`+string(test.role)+`","livekit_synced":true}`)
			if got := s.roleOf(target); got != test.role {
				t.Errorf("%v: is %s", test, got)
			}
			want := []string{"find " + people[test.actor].Sub, "find " + target.Sub, "change " + target.Sub}
			if got := s.meeting.Said(); !slices.Equal(got, want) || s.meeting.Changes[0].Attributes["room_role"] != string(test.role) ||
				len(s.meeting.Changes[0].Attributes) != 1 || s.meeting.Changes[0].Permission != nil || s.meeting.Changes[0].Metadata != nil {
				t.Errorf("%v: called %v, changes %+v", test, got, s.meeting.Changes)
			}
		}
	}
}

func TestMeetingAnAdministratorDemotesAnother(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.everybody()
	s.promote(s.as(s.owner), s.guest.Sub, "administrator").is(200, "-")
	guest := s.as(s.guest)
	s.promote(guest, s.admin.Sub, "member").is(200, "-")
	s.promote(s.as(s.admin), s.guest.Sub, "member").is(403, meetingPrivileges)
}

func TestMeetingRepeatingARoleKeepsTheRow(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.everybody()
	boss := s.as(s.owner)
	s.promote(boss, s.guest.Sub, "administrator").is(200, "-")
	before := roomsState(boss, s.owner)
	s.promote(boss, s.guest.Sub, "administrator").is(200, "-")
	if after := roomsState(boss, s.owner); after != before {
		t.Errorf("from %s to %s", before, after)
	}
	s.promote(boss, s.guest.Sub, "member").is(200, "-")
	if after := roomsState(boss, s.owner); after == before {
		t.Error("nothing changed")
	}
}

func TestMeetingNobodyChangesTheirOwnRole(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.everybody()
	for _, user := range []domain.User{s.owner, s.admin} {
		for _, role := range []string{"member", "administrator"} {
			s.promote(s.as(user), user.Sub, role).is(403, `{"error":"You cannot change your own role."}`)
		}
	}
	if s.roleOf(s.owner) != domain.Owner || s.roleOf(s.admin) != domain.Administrator || len(s.meeting.Changes) != 0 {
		t.Errorf("changes %v", s.meeting.Changes)
	}
}

func TestMeetingOwnersAreNotDemoted(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.everybody()
	second := s.user("sam")
	s.grant(s.room, second, domain.Owner)
	s.join(second.Sub)
	for _, b := range []*browser{s.as(s.admin), s.as(second)} {
		for _, role := range []string{"member", "administrator"} {
			s.promote(b, s.owner.Sub, role).is(403, `{"error":"Room owners cannot be demoted."}`)
		}
	}
	if s.roleOf(s.owner) != domain.Owner || len(s.meeting.Changes) != 0 {
		t.Errorf("changes %v", s.meeting.Changes)
	}
}

func TestMeetingOnlyAccountsInTheMeetingGetARole(t *testing.T) {
	t.Parallel()
	const absent, nobody = `{"error":"Participant is not connected to this meeting."}`, `{"error":"This participant has no user account and cannot be assigned a role."}`
	s := newMeeting(t, domain.Restricted)
	s.join(s.owner.Sub)
	boss := s.as(s.owner)
	before := roomsState(boss, s.owner)
	s.promote(boss, s.guest.Sub, "administrator").is(404, absent)
	s.promote(boss, meetingNobody, "administrator").is(404, absent)
	for _, identity := range []string{meetingNobody, "SUB-GUS", s.guest.ID.String(), s.guest.Email} {
		s.join(identity)
		s.promote(boss, identity, "administrator").is(404, nobody)
	}
	s.join(s.guest.Sub)
	s.meeting.Leave(s.room.ID.String(), s.guest.Sub)
	s.promote(boss, s.guest.Sub, "member").is(404, absent)
	if after := roomsState(boss, s.owner); after != before || len(s.meeting.Changes) != 0 {
		t.Errorf("changed from %s to %s, changes %v", before, after, s.meeting.Changes)
	}
}

func TestMeetingWhoPromotesMustBeInTheMeeting(t *testing.T) {
	t.Parallel()
	const absent = `{"detail":"You must be connected to the meeting to perform this action."}`
	s := newMeeting(t, domain.Restricted)
	s.join(s.guest.Sub)
	boss := s.as(s.admin)
	s.promote(boss, s.guest.Sub, "administrator").is(403, absent)
	boss.post(s.path+"update-participant-role/", `{}`).is(403, absent) // before the body is looked at
	if got := s.meeting.Said(); !slices.Equal(got, []string{"find " + s.admin.Sub, "find " + s.admin.Sub}) {
		t.Errorf("called %v", got)
	}
	s.everybody()
	for _, failure := range []error{domain.ErrLiveKitRefused, domain.ErrLiveKitDown, domain.ErrLiveKitSlow, domain.ErrParticipantNotFound} {
		s.meeting.Err = failure
		s.promote(boss, s.guest.Sub, "administrator").is(403, absent)
	}
	if s.roleOf(s.guest) != domain.NoRole {
		t.Error("promoted all the same")
	}
}

func TestMeetingARoleIsOneOfTwo(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.everybody()
	boss := s.as(s.owner)
	for body, want := range map[string]string{
		`{}`:                                    `{"participant_identity":["This field is required."],"role":["This field is required."]}`,
		`{"participant_identity":"sub-gus"}`:    `{"role":["This field is required."]}`,
		`{"role":"member"}`:                     `{"participant_identity":["This field is required."]}`,
		`{"participant_identity":[],"role":""}`: `{"participant_identity":["Not a valid string."],"role":["\"\" is not a valid choice."]}`,
		`{"participant_identity":"sub-gus","role":"owner"}`:         `{"role":["\"owner\" is not a valid choice."]}`,
		`{"participant_identity":"sub-gus","role":"Administrator"}`: `{"role":["\"Administrator\" is not a valid choice."]}`,
		`{"participant_identity":"sub-gus","role":" member"}`:       `{"role":["\" member\" is not a valid choice."]}`,
		`{"participant_identity":"sub-gus","role":null}`:            `{"role":["This field may not be null."]}`,
		`{"participant_identity":"sub-gus","role":1}`:               `{"role":["\"1\" is not a valid choice."]}`,
		`{"participant_identity":"sub-olga","role":"owner"}`:        `{"role":["\"owner\" is not a valid choice."]}`,
	} {
		boss.post(s.path+"update-participant-role/", body).is(400, want)
	}
	if s.roleOf(s.guest) != domain.NoRole || len(s.meeting.Changes) != 0 {
		t.Error("promoted all the same")
	}
	boss.post(s.path+"update-participant-role/", form{"participant_identity": s.guest.Sub, "role": "member"}).is(200, "-")
}

func TestMeetingAPromotedGuestMayModerateAtOnce(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.everybody()
	guest, boss := s.as(s.guest), s.as(s.owner)
	guest.get(s.path+"waiting-participants/").is(403, meetingPrivileges)
	s.promote(boss, s.guest.Sub, "administrator").is(200, "-")
	guest.get(s.path+"waiting-participants/").is(200, "-")
	s.promote(boss, s.guest.Sub, "member").is(200, "-")
	guest.get(s.path+"waiting-participants/").is(403, meetingPrivileges)
	roomsHas(s.knock(guest, "Gus"), 200, map[string]any{"status": "accepted"}) // a member now
}
