package hostile

import (
	"strings"
	"testing"
)

// TestTheLogRepeatsLittleOfWhatStrangersSend sends long texts in every place
// that could be logged.
func TestTheLogRepeatsLittleOfWhatStrangersSend(t *testing.T) {
	server := start(t, map[string]string{"LOGGING_LEVEL_LOGGERS_APP": "DEBUG"})
	long := strings.Repeat("x", 12_000)
	get := func(method, target string, header ...string) []byte {
		return []byte(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + strings.Join(header, "") + "\r\n")
	}
	for _, request := range [][]byte{
		get("GET", "/"+long), get("GET", api+"/rooms/"+long+"/"), get("GET", api+"/"+long), get(long, "/"), get("GET", "/?"+long), get("POST", "//"+long),
		get("GET", api+"/rooms/x/", "User-Agent: "+long+"\r\n"), get("GET", api+"/rooms/x/", "X-Forwarded-For: "+long+"\r\n"),
		get("GET", api+"/users/me/", "Cookie: sessionid="+long+"\r\n"), get("POST", api+"/rooms/x/rename/", "Authorization: Bearer "+long+"\r\n"),
		get("GET", api+"/callback/?code="+long[:6000]+"&state="+long[:6000]), get("GET", api+"/callback/?error="+long),
		posted("/rooms/webhooks-livekit/", jsonType, "{}", "Authorization: "+long),
		posted("/backchannel-logout/", "application/x-www-form-urlencoded", "logout_token="+long),
		posted("/rooms/creation-callback/", jsonType, `{"callback_id":"`+long+`"}`),
		posted("/roomkit/join/", jsonType, `{"pin_code":"`+long+`"}`, "Authorization: Bearer "+long),
	} {
		if got, err := raw(server, request); err != nil || got.status >= 500 || strings.Contains(got.body, long[:200]) {
			t.Errorf("%.60q: %d %.300s, %v", request, got.status, got.body, err)
		}
	}
	if got, err := raw(server, []byte("GET "+api+"/rooms/x/ HTTP/1.1\r\nHost: "+long+"\r\n\r\n")); err != nil || got.status != 400 || len(got.body) > 200 {
		t.Errorf("a long host: %+v, %v", got, err)
	}
	for line := range strings.Lines(server.Log()) {
		if len(line) > 1000 {
			t.Errorf("a line of %d bytes is logged: %.300s", len(line), line)
		}
	}
}
