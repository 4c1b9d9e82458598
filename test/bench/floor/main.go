// Command floor is the least a server can do for a room: one prepared SELECT
// and one HS256 signature behind net/http. Benchmarks compare with it.
package main

import (
	"database/sql"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/golang-jwt/jwt/v5"
	_ "github.com/lib/pq" // the driver
)

func main() {
	db, err := sql.Open("postgres", os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(20)
	db.SetMaxIdleConns(20)
	room, err := db.Prepare(`SELECT resource_id, name, slug, access_level, configuration FROM meet_room WHERE slug = $1`)
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/__lbheartbeat__", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("/api/v1.0/rooms/{slug}/{$}", func(w http.ResponseWriter, r *http.Request) {
		var id, name, slug, level, configuration string
		if err := room.QueryRowContext(r.Context(), r.PathValue("slug")).Scan(&id, &name, &slug, &level, &configuration); err != nil {
			http.Error(w, "no", http.StatusNotFound)
			return
		}
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
			"iss": "key", "sub": id, "exp": time.Now().Add(time.Hour).Unix(), "video": map[string]any{"room": id, "roomJoin": true},
		}).SignedString([]byte("secret-key-padded-for-minimum-len!"))
		if err != nil {
			http.Error(w, "no", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"id": id, "name": name, "slug": slug, "access_level": level, "configuration": json.RawMessage(configuration), "token": token,
		})
	})
	meetings(db, os.Args[3])
	server := &http.Server{Addr: os.Args[1], ReadHeaderTimeout: time.Second}
	log.Fatal(server.ListenAndServe())
}
