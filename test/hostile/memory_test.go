package hostile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"meet/test/process"
)

const (
	atOnce     = 200
	mostGrowth = 64 // MiB that so many requests at once may take
)

const jsonType = "application/json"

// bodies are those that are small on the wire and large in memory.
func bodies() map[string][]byte {
	objects := strings.Repeat("{},", 870_000)
	list := `{"callback_id":[` + objects + `{}]}`
	small := `{"callback_id":[` + strings.Repeat("{},", 5000) + `{}]}`
	knock := "/rooms/3c0c8f3e-3a0e-4a57-8b4c-3e7a30a5b0a4/request-entry/"
	keys, parts := strings.Builder{}, strings.Builder{}
	for i := range 100_000 {
		fmt.Fprintf(&keys, `"%d":0,`, i)
		fmt.Fprintf(&parts, "--b\r\nContent-Disposition: form-data; name=\"k%d\"\r\n\r\n\r\n", i)
	}
	const multipart = "multipart/form-data; boundary=b"
	chunked := fmt.Sprintf("POST %s/rooms/creation-callback/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n",
		api, jsonType, len(list), list)
	return map[string][]byte{
		"objects, callback":   posted("/rooms/creation-callback/", jsonType, list),
		"objects, knock":      posted(knock, jsonType, list),
		"objects, held knock": posted(knock, jsonType, list, "Prefer: wait=20"),
		"objects, 15 KB":      posted("/rooms/creation-callback/", jsonType, small),
		"objects, chunked":    []byte(chunked),
		"keys":                posted("/rooms/creation-callback/", jsonType, "{"+keys.String()+`"x":0}`),
		"depth":               posted("/rooms/creation-callback/", jsonType, `{"callback_id":`+strings.Repeat("[", 8000)+strings.Repeat("]", 8000)+"}"),
		"a number":            posted("/rooms/creation-callback/", jsonType, `{"callback_id":`+strings.Repeat("9", 15_000)+"}"),
		"gzip":                posted("/rooms/creation-callback/", jsonType, strings.Repeat("\x1f\x8b", 5000), "Content-Encoding: gzip"),
		"parts":               posted("/rooms/creation-callback/", multipart, parts.String()+"--b--\r\n"),
		"parts, 15 KB":        posted("/rooms/creation-callback/", multipart, parts.String()[:15_000]),
		"indexes":             posted("/rooms/creation-callback/", multipart, "--b\r\nContent-Disposition: form-data; name=\"a"+strings.Repeat("[0]", 4000)+"\"\r\n\r\n\r\n--b--\r\n"),
		"logout token":        posted("/backchannel-logout/", "application/x-www-form-urlencoded", "logout_token=x&"+strings.Repeat("a=&", 870_000)),
		"logout parts":        posted("/backchannel-logout/", multipart, parts.String()+"--b--\r\n"),
		"webhook":             posted("/rooms/webhooks-livekit/", "application/webhook+json", list, "Authorization: x"),
		"sign-out":            posted("/logout/", "application/x-www-form-urlencoded", strings.Repeat("a=&", 870_000)),
	}
}

// heads are those of which the head is large in memory.
func heads() map[string][]byte {
	get := func(target string, header ...string) []byte {
		return []byte("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + strings.Join(header, "") + "\r\n")
	}
	fields := strings.Builder{}
	for i := range 10_000 {
		fmt.Fprintf(&fields, "%x:\r\n", i)
	}
	return map[string][]byte{
		"fields":     get(api+"/rooms/some-room/", fields.String()[:60_000]+"\r\n"),
		"parameters": get(api + "/rooms/some-room/?username=" + strings.Repeat("&a=", 4900)),
		"cookies":    get(api+"/rooms/some-room/", "Cookie: "+strings.Repeat("a=;", 4900)+"\r\n"),
		"commas": get(api+"/rooms/some-room/", "Accept: "+strings.Repeat(",", 4900)+"\r\n", "X-Forwarded-For: "+strings.Repeat(",", 4900)+"\r\n",
			"Prefer: "+strings.Repeat(",", 4900)+"\r\n"),
		"path": get(api + "/rooms/" + strings.Repeat("a/", 7000)),
	}
}

// TestRequestsOfStrangersTakeLittleMemory sends many of each kind at once:
// from one address, and each from another network.
func TestRequestsOfStrangersTakeLittleMemory(t *testing.T) {
	for name, from := range map[string]func(int, []byte) []byte{"one client": same, "many clients": everywhere} {
		t.Run(name, func(t *testing.T) {
			server := start(t, nil)
			kinds := bodies()
			maps.Copy(kinds, heads())
			crowd(t, server, "a usual request", posted("/rooms/creation-callback/", jsonType, `{"callback_id":"x"}`), from)
			for name, request := range kinds {
				forgetPeak(t, server)
				before, _ := memory(t, server)
				crowd(t, server, name, request, from)
				_, peak := memory(t, server)
				t.Logf("%s: %d MiB, then %d", name, before, peak)
				if peak-before > mostGrowth {
					t.Errorf("%s: %d requests at once take %d MiB, %d are allowed", name, atOnce, peak-before, mostGrowth)
				}
			}
		})
	}
}

// same is a request as it is.
func same(_ int, request []byte) []byte { return request }

// everywhere is a request from another network each time, as a proxy on this
// machine tells it.
func everywhere(i int, request []byte) []byte {
	line := fmt.Appendf(nil, "X-Forwarded-For: 100.0.%d.1\r\nHost: localhost\r\n", i)
	return bytes.Replace(request, []byte("Host: localhost\r\n"), line, 1)
}

// crowd sends a request many times at once; each answer must be a JSON refusal
// of the client, or of the moment.
func crowd(t *testing.T, server *process.Process, name string, request []byte, from func(int, []byte) []byte) {
	t.Helper()
	var all sync.WaitGroup
	for i := range atOnce {
		all.Go(func() {
			got, err := raw(server, from(i, request))
			if err != nil {
				if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.ErrUnexpectedEOF) { // it hangs up on those who go on sending
					t.Errorf("%s: %v", name, err)
				}
				return
			}
			refused := got.status/100 == 4 || got.status == http.StatusServiceUnavailable || got.status == http.StatusOK
			if head := got.header.Get("Content-Type") == "text/plain; charset=utf-8"; !refused || !head && !json.Valid([]byte(got.body)) { // of heads net/http tells in text
				t.Errorf("%s: %d %.200s", name, got.status, got.body)
			}
		})
	}
	all.Wait()
}

// TestSlowBodiesTakeLittleMemoryAndNobodysPlace lets many clients send almost
// all of a body and then nothing; others are served meanwhile.
func TestSlowBodiesTakeLittleMemoryAndNobodysPlace(t *testing.T) {
	for name, from := range map[string]func(int, []byte) []byte{"one client": same, "many clients": everywhere} {
		t.Run(name, func(t *testing.T) { slowBodies(t, from) })
	}
}

func slowBodies(t *testing.T, from func(int, []byte) []byte) {
	server := start(t, nil)
	usual := posted("/rooms/creation-callback/", jsonType, `{"callback_id":"x"}`)
	crowd(t, server, "a usual request", usual, from)
	forgetPeak(t, server)
	before, _ := memory(t, server)
	knock := "/rooms/3c0c8f3e-3a0e-4a57-8b4c-3e7a30a5b0a4/request-entry/"
	slow := map[string][]byte{
		"callback":   posted("/rooms/creation-callback/", jsonType, `{"callback_id":"`+strings.Repeat("x", 16_000)+`"}`),
		"held knock": posted(knock, jsonType, `{"username":"`+strings.Repeat("x", 4000)+`"}`, "Prefer: wait=20"),
		"webhook":    posted("/rooms/webhooks-livekit/", jsonType, strings.Repeat(" ", 900_000), "Authorization: x"),
		"logout":     posted("/backchannel-logout/", "application/x-www-form-urlencoded", "logout_token="+strings.Repeat("x", 16_000)),
	}
	var all sync.WaitGroup
	begun := time.Now()
	for name, request := range slow {
		for i := range atOnce / 2 {
			all.Go(func() {
				conn, err := net.Dial("tcp", server.Address)
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				request := from(i, request)
				_, _ = conn.Write(request[:len(request)-1])
				if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
					t.Error(err)
				}
				if got, err := readReply(conn); err == nil && got.status/100 != 4 && got.status != http.StatusServiceUnavailable {
					t.Errorf("%s: %d %s", name, got.status, got.body)
				}
			})
		}
	}
	for range 50 {
		if got, err := raw(server, everywhere(atOnce, posted(knock, jsonType, `{"username":"Zoé"}`, "Prefer: wait=1"))); err != nil || got.status != http.StatusNotFound {
			t.Errorf("an honest knock meanwhile: %d %s, %v", got.status, got.body, err)
		}
	}
	all.Wait()
	if took := time.Since(begun); took > 25*time.Second {
		t.Errorf("slow clients were waited for %v", took)
	}
	_, peak := memory(t, server)
	t.Logf("%d MiB, then %d", before, peak)
	if peak-before > mostGrowth {
		t.Errorf("they take %d MiB, %d are allowed", peak-before, mostGrowth)
	}
}

// TestHeadsThatNeverEndTakeLittleMemory lets many clients send all of a head
// but its end.
func TestHeadsThatNeverEndTakeLittleMemory(t *testing.T) {
	server := start(t, nil)
	crowd(t, server, "a usual request", posted("/rooms/creation-callback/", jsonType, `{"callback_id":"x"}`), same)
	fields := strings.Builder{}
	for i := 0; fields.Len() < 15_000; i++ {
		fmt.Fprintf(&fields, "%x:\r\n", i)
	}
	forgetPeak(t, server)
	before, _ := memory(t, server)
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			conn, err := net.Dial("tcp", server.Address)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			_, _ = conn.Write([]byte("GET / HTTP/1.1\r\nHost: localhost\r\n" + fields.String()))
			if err := conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
				t.Error(err)
			}
			if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("the server waits for a head for more than 30 s")
			}
		})
	}
	all.Wait()
	_, peak := memory(t, server)
	t.Logf("%d MiB, then %d", before, peak)
	if peak-before > mostGrowth {
		t.Errorf("they take %d MiB, %d are allowed", peak-before, mostGrowth)
	}
}
