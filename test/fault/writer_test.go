package fault

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"

	"meet/test/process"
)

// insist repeats the request until a server answers with one of the statuses;
// nil when the test is over before.
func (w *writer) insist(method, path string, body any, statuses ...int) map[string]any {
	var content []byte
	if body != nil {
		content, _ = json.Marshal(body)
	}
	for w.ctx.Err() == nil {
		status, text := w.try(method, path, content, w.header)
		if slices.Contains(statuses, status) {
			decoded := map[string]any{}
			_ = json.Unmarshal(text, &decoded)
			return decoded
		}
		if status != 0 && !w.postponed(status) { // killed servers give no answer at all, living ones a right one
			w.t.Errorf("%s %s: %d %s", method, path, status, text)
			return nil
		}
	}
	return nil
}

// postponed reports whether the answer says to try again, where that may be.
func (w *writer) postponed(status int) bool {
	return w.failover && (status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout)
}

// report tells of an event until it is heard.
func (w *writer) report(id string) bool {
	body, header, err := process.Report(id)
	if err != nil {
		w.t.Error(err)
		return false
	}
	for w.ctx.Err() == nil {
		if status, text := w.try(http.MethodPost, "/rooms/webhooks-livekit/", body, header); status == http.StatusOK {
			return true
		} else if status != 0 && !w.postponed(status) {
			w.t.Errorf("webhook: %d %s", status, text)
			return false
		}
	}
	return false
}

// try makes the request at one of the servers; status 0 is no answer.
func (w *writer) try(method, path string, body []byte, header http.Header) (int, []byte) {
	address := w.addresses[rand.IntN(len(w.addresses))]
	request, err := http.NewRequestWithContext(w.ctx, method, "http://"+address+"/api/v1.0"+path, bytes.NewReader(body))
	if err != nil {
		w.t.Error(err)
		return 0, nil
	}
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, nil
	}
	return response.StatusCode, text
}
