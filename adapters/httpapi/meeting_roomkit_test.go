package httpapi_test

import (
	"maps"
	"strings"
	"testing"

	"meet/domain"
)

const meetingDeviceToken = "device-token"

// newRoomkit is a room with the PIN 0123456789 and a device that may call.
func newRoomkit(t *testing.T, changes ...func(*setup)) (*meetingScene, *browser) {
	t.Helper()
	s := newMeeting(t, domain.Restricted, append([]func(*setup){func(s *setup) {
		s.http.RoomkitToken, s.http.RoomkitPinLength = meetingDeviceToken, 10
	}}, changes...)...)
	s.pin("0123456789")
	return s, s.bearing(meetingDeviceToken)
}

func TestMeetingADeviceOpensTheRoomOfItsPIN(t *testing.T) {
	t.Parallel()
	s, device := newRoomkit(t)
	for i, body := range []any{form{"pin_code": "0123456789"}, map[string]any{"pin_code": " 0123456789 "}} { // again is fine
		device.post("/roomkit/join/", body).is(200, meetingDone)
		if s.meeting.Rules[s.room.ID] != "0123456789" || s.called("open "+s.room.ID.String()) != i+1 {
			t.Errorf("rules %v, called %v", s.meeting.Rules, s.meeting.Said())
		}
	}
	joined := s.analytics.Tracked[len(s.analytics.Tracked)-2:]
	for i, created := range []string{"true", "false"} {
		want := map[string]string{"room_id": s.room.ID.String(), "dispatch_rule_created": created}
		if joined[i].Activity.Name != domain.RoomkitJoined || !maps.Equal(joined[i].Activity.Properties, want) || joined[i].User.SignedIn() {
			t.Errorf("tracked %+v", joined[i])
		}
	}
}

func TestMeetingADeviceNeedsTheToken(t *testing.T) {
	t.Parallel()
	for _, token := range []string{meetingDeviceToken, ""} {
		s, device := newRoomkit(t, func(s *setup) { s.http.RoomkitToken = token })
		for header, detail := range map[string]string{
			"": "Authorization header is missing.", "device-token": "Invalid authorization header.", "Bearer": "Invalid authorization header.",
			"bearer device-token": "Invalid authorization header.", "BEARER device-token": "Invalid authorization header.", "Token device-token": "Invalid authorization header.",
			"Bearer  device-token": "Invalid authorization header.", "Bearer device-token x": "Invalid authorization header.", "Bearer\tdevice-token": "Invalid authorization header.",
			"Bearer other": "Invalid server-to-server token.", "Bearer device-toke": "Invalid server-to-server token.", "Bearer device-tokenn": "Invalid server-to-server token.",
			"Bearer Device-Token": "Invalid server-to-server token.", "Bearer " + s.pass("ann"): "Invalid server-to-server token.",
		} {
			if token == "" {
				detail = "Server-to-server token is not configured."
			}
			device.header["Authorization"] = header
			for _, body := range []any{map[string]any{"pin_code": "0123456789"}, map[string]any{}, `{`} {
				a := device.post("/roomkit/join/", body)
				a.is(401, `{"detail":"`+detail+`"}`)
				if a.header("WWW-Authenticate") != "Bearer realm='Roomkit server to server'" {
					t.Errorf("challenge %q", a.header("WWW-Authenticate"))
				}
			}
		}
		s.as(s.owner).post("/roomkit/join/", map[string]any{"pin_code": "0123456789"}).is(401, "-")
		if got := s.meeting.Said(); len(got) != 0 {
			t.Errorf("called %v", got)
		}
	}
}

func TestMeetingDevicesThatAreNotLetInFindNothing(t *testing.T) {
	t.Parallel()
	s, device := newRoomkit(t, func(s *setup) { s.http.RoomkitPinLength = 0 })
	for _, body := range []any{map[string]any{"pin_code": "0123456789"}, map[string]any{}, `{`} {
		device.post("/roomkit/join/", body).is(404, roomsNotFound)
	}
	s.stranger().post("/roomkit/join/", map[string]any{"pin_code": "0123456789"}).is(401, "-")
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}

func TestMeetingAPINHasTheInstancesLength(t *testing.T) {
	t.Parallel()
	s, device := newRoomkit(t)
	const length = "PIN code length is invalid."
	for body, want := range map[string]string{
		`{}`: "This field is required.", ``: "This field is required.", `{"pin_code":null}`: "This field may not be null.", `{"pin_code":""}`: "This field may not be blank.",
		`{"pin_code":"  "}`: "This field may not be blank.", `{"pin_code":["0123456789"]}`: "Not a valid string.", `{"pin_code":true}`: "Not a valid string.",
		`{"pin_code":"012345678"}`: length, `{"pin_code":"01234567890"}`: length, `{"pin_code":123456789}`: length, `{"pin_code":"%"}`: length, `{"pin_code":"*"}`: length,
		`{"pin_code":"` + strings.Repeat("0", 10_000) + `"}`: length,
	} {
		device.post("/roomkit/join/", body).is(400, `{"pin_code":["`+want+`"]}`)
	}
	for _, pin := range []string{"9999999999", "%%%%%%%%%%", "__________", "012345678x", "' or 1=1--", "٠١٢٣٤٥٦٧٨٩"} {
		device.post("/roomkit/join/", map[string]any{"pin_code": pin}).is(404, `{"detail":"No room found for this PIN code."}`)
	}
	if got := s.meeting.Said(); len(got) != 0 || len(s.analytics.Names()) != 0 {
		t.Errorf("called %v, tracked %v", got, s.analytics.Names())
	}
}

func TestMeetingRoomsWithoutPINAreNotFoundByNone(t *testing.T) {
	t.Parallel()
	s, device := newRoomkit(t, func(s *setup) { s.http.RoomkitPinLength = 4 })
	s.pin("")
	for _, pin := range []string{"None", "null", "0000"} {
		device.post("/roomkit/join/", map[string]any{"pin_code": pin}).is(404, `{"detail":"No room found for this PIN code."}`)
	}
}

func TestMeetingATelephoneThatFailsIsNamed(t *testing.T) {
	t.Parallel()
	s, device := newRoomkit(t)
	for failure, want := range map[error]struct {
		status int
		body   string
	}{
		domain.ErrLiveKitRefused: {500, `{"detail":"Could not create dispatch rule."}`},
		domain.ErrLiveKitDown:    {502, `{"detail":"The media server cannot be reached."}`},
		domain.ErrLiveKitSlow:    {504, `{"detail":"The media server did not answer in time."}`},
	} {
		s.meeting.Err = failure
		meetingFails(device, "/roomkit/join/", map[string]any{"pin_code": "0123456789"}).is(want.status, want.body)
	}
	if got := s.analytics.Names(); len(got) != 0 {
		t.Errorf("tracked %v", got)
	}
}

func TestMeetingDevicesAreCountedTogether(t *testing.T) {
	t.Parallel()
	s, device := newRoomkit(t, meetingRate(2))
	s.stranger().post("/roomkit/join/", nil).is(401, "-") // who is refused is not counted
	device.post("/roomkit/join/", map[string]any{"pin_code": "0123456789"}).is(200, "-")
	device.header["Peer"] = "192.0.2.9:1000"
	device.post("/roomkit/join/", map[string]any{"pin_code": "9999999999"}).is(404, "-")
	device.header["Peer"] = "192.0.2.10:1000"
	device.post("/roomkit/join/", map[string]any{"pin_code": "0123456789"}).throttled()
	device.get("/roomkit/join/").throttled() // before the method is looked at
	s.stranger().post("/roomkit/join/", nil).is(401, "-")
}
