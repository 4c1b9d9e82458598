package e2e

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"meet/bootstrap"
	"meet/bootstrap/standalone"
	"meet/test/client"
)

// audit runs the command on the environment.
func audit(t *testing.T, env map[string]string, args ...string) (string, error) {
	t.Helper()
	for name, value := range env {
		t.Setenv(name, value)
	}
	var output bytes.Buffer
	command := bootstrap.NewRoot(standalone.Edition)
	command.SetOut(&output)
	command.SetArgs(append([]string{"audit"}, args...))
	err := command.Execute()
	return output.String(), err
}

// TestAFalsifiedRecordIsNoticed changes the database behind the record's back.
func TestAFalsifiedRecordIsNoticed(t *testing.T) {
	for engine, database := range databases(t) {
		env, options := withoutMedia(t, database)
		address, _ := startApp(t, env, options...)
		ada := client.New(t, "http://"+address)
		ada.SignIn("demo-alice")
		var room string
		for range 3 {
			room, _ = ada.NewRoom()["id"].(string)
			ada.Must(http.StatusOK, http.MethodPatch, "/rooms/"+room+"/", map[string]any{"access_level": "restricted"})
		}
		driver, source := "postgres", database
		if path, is := strings.CutPrefix(database, "sqlite://"); is {
			driver, source = "sqlite", path
		}
		db, err := sql.Open(driver, source)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		until(t, "all is sealed", func() bool {
			var open, all int
			err := db.QueryRow(`SELECT COUNT(*) - COUNT(number), COUNT(*) FROM meet_server_deed`).Scan(&open, &all)
			return err == nil && open == 0 && all == 6
		})
		output, err := audit(t, env, "verify")
		if err != nil || !strings.Contains(output, "6 deeds checked, 1 to 6") {
			t.Fatalf("%s: %v\n%s", engine, err, output)
		}
		_, witness, _ := strings.Cut(strings.TrimSpace(output), "witness: ")
		listed, err := audit(t, env, "list", "--room", room)
		var deed map[string]any
		lines := strings.Split(strings.TrimSpace(listed), "\n")
		if jsonErr := json.Unmarshal([]byte(lines[0]), &deed); err != nil || jsonErr != nil || len(lines) != 2 || deed["action"] != "room_created" ||
			deed["room"] != room || deed["address"] != "127.0.0.1" {
			t.Errorf("%s: listed %s, errors %v %v", engine, listed, err, jsonErr)
		}

		for _, change := range []string{`UPDATE meet_server_deed SET actor = NULL WHERE number = 2`, `UPDATE meet_server_deed SET number = NULL WHERE number = 2`,
			`DELETE FROM meet_server_deed WHERE number = 6`, `DELETE FROM meet_server_deed`} {
			if _, err := db.Exec(change); err == nil || !strings.Contains(err.Error(), "stays written down") {
				t.Errorf("%s: %s: %v", engine, change, err)
			}
		}
		on, insert := "", `INSERT INTO meet_server_deed (id, at, action, subject, details, address, request_id)
			VALUES ('11111111-1111-1111-1111-111111111111', '2030-01-01T00:00:00Z', 'room_deleted', '', '{}', '', '')`
		if driver == "postgres" {
			on = ` ON meet_server_deed`
		}
		tx, err := db.Begin() // what has no seal yet is kept too
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(insert); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(`DELETE FROM meet_server_deed WHERE number IS NULL`); err == nil || !strings.Contains(err.Error(), "stays written down") {
			t.Errorf("%s: without a seal: %v", engine, err)
		}
		_ = tx.Rollback()
		drop := `DROP TRIGGER meet_server_deed_stays` + on
		for _, step := range []struct{ change, problem string }{
			{drop + `; UPDATE meet_server_deed SET address = '203.0.113.1' WHERE number = 2`, "deed 2 was altered"},
			{`DROP TRIGGER meet_server_deed_kept` + on, "triggers are missing"},
			{`DELETE FROM meet_server_deed WHERE number IN (2, 3)`, "deeds 2 to 3 are missing"},
			{`DELETE FROM meet_server_deed WHERE number > 4`, "deed 6, of which there is a witness, is missing"},
		} {
			if _, err := db.Exec(step.change); err != nil {
				t.Fatal(err)
			}
			if output, err := audit(t, env, "verify", "--witness", witness); err == nil || !strings.Contains(output, step.problem) {
				t.Errorf("%s: after %s: %v\n%s", engine, step.change, err, output)
			}
		}
	}
}
