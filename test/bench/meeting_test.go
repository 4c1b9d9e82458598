package bench

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"meet/test/client"
)

const secret = "secret-key-padded-for-minimum-len!"

func post(address, path, body string, header map[string]string) call {
	return func(ctx context.Context) (*http.Request, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/api/v1.0"+path, strings.NewReader(body))
		if err == nil {
			request.Header.Set("Content-Type", "application/json")
			for name, value := range header {
				request.Header.Set(name, value)
			}
		}
		return request, err
	}
}

// BenchmarkLobbyPoll is a guest who asks whether there is a decision yet. The
// floor makes one SELECT and one call of Redis.
func BenchmarkLobbyPoll(b *testing.B) {
	s := newSite(b)
	owner := client.New(b, "http://"+s.address)
	owner.SignIn("demo-alice")
	room, _ := owner.NewRoom()["slug"].(string)
	owner.Must(http.StatusOK, http.MethodPatch, "/rooms/"+room+"/", map[string]any{"access_level": "restricted"})
	guest := client.New(b, "http://"+s.address)
	path, body := "/rooms/"+room+"/request-entry/", `{"username":"guest"}`
	guest.Must(http.StatusOK, http.MethodPost, path, map[string]any{"username": "guest"})
	cookie := map[string]string{"Cookie": guest.Cookies()}
	compare(b, post(s.address, path, body, cookie), pollRatio, asFloor(post(s.floor(b), path, body, cookie)))
}

// BenchmarkTokenMint is a visitor who tests the connection: a token and nothing
// else, on a server without Redis. The floor signs one.
func BenchmarkTokenMint(b *testing.B) {
	s := newSite(b, "REDIS_URL=")
	compare(b, post(s.address, "/diagnostics/connection/", "", nil), mintRatio, asFloor(post(s.floor(b), "/diagnostics/connection/", "", nil)))
}

// BenchmarkWebhook is LiveKit that reports what happens; ours handles the
// events meanwhile. The floor verifies the signature and makes one INSERT.
func BenchmarkWebhook(b *testing.B) {
	s := newSite(b)
	report := func(address string) call {
		return func(ctx context.Context) (*http.Request, error) {
			body := fmt.Sprintf(`{"event":"track_published","id":"EV_%s","createdAt":"%d","room":{"sid":"RM_1","name":"%s"},"participant":{"sid":"PA_1","identity":"x"}}`,
				uuid.NewString(), time.Now().Unix(), uuid.NewString())
			sum := sha256.Sum256([]byte(body))
			token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
				"iss": "key", "exp": time.Now().Add(time.Minute).Unix(), "sha256": base64.StdEncoding.EncodeToString(sum[:]),
			}).SignedString([]byte(secret))
			if err != nil {
				return nil, err
			}
			return post(address, "/rooms/webhooks-livekit/", body, map[string]string{"Authorization": token})(ctx)
		}
	}
	compare(b, report(s.address), webhookRatio, asFloor(report(s.floor(b))))
}
