// Command floor is the least a server can do for a room: one SELECT and one
// HS256 signature behind net/http. Benchmarks compare with it.
//
// Below /named/ the SELECT is a prepared statement, which a connection of its
// own has to keep. Below / it travels with its argument, as it must where a
// pooler lends connections for a transaction at a time.
package main

import (
	"database/sql"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/lib/pq"
)

func main() {
	db := open(os.Args[2])
	http.HandleFunc("/__lbheartbeat__", func(http.ResponseWriter, *http.Request) {})
	if len(os.Args) < 5 { // the last one says that the database is behind a pooler
		prepared, err := db.Prepare(selectRoom)
		if err != nil {
			log.Fatal(err)
		}
		http.HandleFunc("/named/api/v1.0/rooms/{slug}/{$}", room(func(r *http.Request, slug string) *sql.Row {
			return prepared.QueryRowContext(r.Context(), slug)
		}))
	}
	http.HandleFunc("/api/v1.0/rooms/{slug}/{$}", room(func(r *http.Request, slug string) *sql.Row {
		return db.QueryRowContext(r.Context(), selectRoom, slug)
	}))
	meetings(db, os.Args[3])
	server := &http.Server{Addr: os.Args[1], ReadHeaderTimeout: time.Second}
	log.Fatal(server.ListenAndServe())
}

const selectRoom = `SELECT resource_id, name, slug, access_level, configuration FROM meet_room WHERE slug = $1`

// open makes a pool on which a statement and its arguments are one packet.
func open(address string) *sql.DB {
	config, err := pq.NewConfig(address)
	if err != nil {
		log.Fatal(err)
	}
	config.BinaryParameters = true
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		log.Fatal(err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(20)
	db.SetMaxIdleConns(20)
	return db
}

// room serves a room that find reads.
func room(find func(r *http.Request, slug string) *sql.Row) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var id, name, slug, level, configuration string
		if err := find(r, r.PathValue("slug")).Scan(&id, &name, &slug, &level, &configuration); err != nil {
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
	}
}
