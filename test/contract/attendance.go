package contract

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meet/domain"
)

func moment(second int) *time.Time {
	when := at(second)
	return &when
}

func aMeeting(sid string, start int) domain.Meeting {
	return domain.Meeting{SID: sid, Room: "room", StartedAt: at(start)}
}

func aPresence(sid, meeting string, joined int, left *time.Time) domain.Presence {
	return domain.Presence{SID: sid, Meeting: meeting, Room: "room", Identity: "who-" + sid, Name: "Zoé", JoinedAt: at(joined), LeftAt: left}
}

// open checks what is not over and was written before second.
func (s Store) open(t *testing.T, second int, meetings []domain.Meeting, presences []domain.Presence) {
	t.Helper()
	m, p, err := s.Attendance.Open(t.Context(), at(second))
	must(t, err)
	if diff := cmp.Diff(meetings, m) + cmp.Diff(presences, p); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
}

func attendance(t *testing.T, s Store) {
	must(t, s.Attendance.Attend(t.Context(), aPresence("late", "M", 5, nil), at(50)))
	must(t, s.Attendance.Attend(t.Context(), aPresence("gone", "M", 3, moment(9)), at(50)))
	must(t, s.Attendance.Attend(t.Context(), aPresence("gone", "M", 3, nil), at(51))) // older news, later
	must(t, s.Attendance.Attend(t.Context(), aPresence("late", "M", 4, nil), at(52)))
	must(t, s.Attendance.Meet(t.Context(), aMeeting("M", 2), at(53)))
	must(t, s.Attendance.Meet(t.Context(), aMeeting("M", 1), at(54)))
	must(t, s.Attendance.Meet(t.Context(), aMeeting("M", 3), at(55)))
	s.open(t, 55, nil, []domain.Presence{aPresence("late", "M", 4, nil)})
	s.open(t, 56, []domain.Meeting{aMeeting("M", 1)}, []domain.Presence{aPresence("late", "M", 4, nil)})
	for identity, want := range map[string][]domain.Presence{"who-late": {aPresence("late", "M", 4, nil)}, "who-gone": nil, "x": nil} {
		if got, err := s.Attendance.Where(t.Context(), identity); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("%s is at %v, error %v", identity, got, err)
		}
	}
}

func attendanceEnds(t *testing.T, s Store) {
	over, other := aMeeting("M", 1), aMeeting("N", 1)
	must(t, s.Attendance.Attend(t.Context(), aPresence("early", "M", 2, nil), at(50)))
	must(t, s.Attendance.Attend(t.Context(), aPresence("elsewhere", "N", 2, nil), at(50)))
	must(t, s.Attendance.Meet(t.Context(), other, at(50)))
	over.EndedAt = moment(8)
	must(t, s.Attendance.Meet(t.Context(), over, at(51)))
	must(t, s.Attendance.Attend(t.Context(), aPresence("late", "M", 4, nil), at(52))) // news of before the end
	must(t, s.Attendance.Meet(t.Context(), aMeeting("M", 1), at(53)))
	if runs, err := s.Attendance.Runs(t.Context(), "room"); !runs || err != nil {
		t.Errorf("runs %v, error %v", runs, err)
	}
	if runs, err := s.Attendance.Runs(t.Context(), "elsewhere"); runs || err != nil {
		t.Errorf("elsewhere runs %v, error %v", runs, err)
	}
	s.open(t, 99, []domain.Meeting{other}, []domain.Presence{aPresence("elsewhere", "N", 2, nil)})
}

func attendanceForgotten(t *testing.T, s Store) {
	over := aMeeting("M", 1)
	over.EndedAt = moment(8)
	must(t, s.Attendance.Meet(t.Context(), over, at(8)))
	must(t, s.Attendance.Attend(t.Context(), aPresence("gone", "M", 3, moment(7)), at(8)))
	must(t, s.Attendance.Meet(t.Context(), aMeeting("N", 1), at(8)))
	must(t, s.Attendance.Forget(t.Context(), at(9)))
	// had they been kept, the earlier ends would have won
	must(t, s.Attendance.Meet(t.Context(), aMeeting("M", 1), at(10)))
	must(t, s.Attendance.Attend(t.Context(), aPresence("gone", "M", 3, nil), at(10)))
	s.open(t, 99, []domain.Meeting{aMeeting("M", 1), aMeeting("N", 1)}, []domain.Presence{aPresence("gone", "M", 3, nil)})
}
