package main

import (
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
)

const secret = "secret-key-padded-for-minimum-len!"

// meetings serves the floors of the calls around a meeting.
func meetings(db *sql.DB, redisURL string) {
	options, err := redis.ParseURL(redisURL)
	if err != nil {
		log.Fatal(err)
	}
	store := redis.NewClient(options)
	http.HandleFunc("/api/v1.0/rooms/{slug}/request-entry/{$}", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Username string }
		var id, level string
		err := json.NewDecoder(r.Body).Decode(&in)
		if err == nil {
			err = db.QueryRowContext(r.Context(), `SELECT resource_id, access_level FROM meet_room WHERE slug = $1`, r.PathValue("slug")).Scan(&id, &level)
		}
		if err == nil {
			_, err = store.HGetAll(r.Context(), "floor:"+id).Result()
		}
		answer(w, map[string]any{"status": "waiting", "username": in.Username, "id": id, "livekit": nil}, err)
	})
	http.HandleFunc("/api/v1.0/diagnostics/connection/", func(w http.ResponseWriter, _ *http.Request) {
		name := "connection-test-" + uuid.NewString()
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
			"iss": "key", "sub": uuid.NewString(), "exp": time.Now().Add(time.Hour).Unix(), "video": map[string]any{"room": name, "roomJoin": true},
		}).SignedString([]byte(secret))
		answer(w, map[string]any{"livekit": map[string]any{"room": name, "token": token}}, err)
	})
	if _, err := db.Exec(`CREATE TABLE IF NOT EXISTS floor_event (id text PRIMARY KEY, body text NOT NULL)`); err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/api/v1.0/rooms/webhooks-livekit/{$}", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		claims := jwt.MapClaims{}
		if err == nil {
			_, err = jwt.ParseWithClaims(r.Header.Get("Authorization"), claims, func(*jwt.Token) (any, error) { return []byte(secret), nil })
		}
		sum := sha256.Sum256(body)
		if claims["sha256"] != base64.StdEncoding.EncodeToString(sum[:]) {
			err = io.ErrUnexpectedEOF
		}
		var event struct{ ID string }
		if err == nil {
			err = json.Unmarshal(body, &event)
		}
		if err == nil {
			_, err = db.ExecContext(r.Context(), `INSERT INTO floor_event (id, body) VALUES ($1, $2) ON CONFLICT DO NOTHING`, event.ID, string(body))
		}
		answer(w, map[string]any{"status": "success"}, err)
	})
}

func answer(w http.ResponseWriter, body map[string]any, err error) {
	if err != nil {
		http.Error(w, "no", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}
