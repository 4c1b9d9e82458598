package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"meet/adapters/sqlstore"
	"meet/test/client"
	"meet/test/postgres"
	"meet/test/sink"
)

func mailEnv(s *sink.Server) map[string]string {
	return map[string]string{
		"DJANGO_EMAIL_HOST": s.Host, "DJANGO_EMAIL_PORT": s.Port, "DJANGO_EMAIL_FROM": "Meet <meet@example.org>",
		"DJANGO_EMAIL_BRAND_NAME": "Visio & Co", "DJANGO_EMAIL_LOGO_IMG": "https://meet.example.org/logo.png",
		"DJANGO_EMAIL_DOMAIN": "meet.example.org", "DJANGO_EMAIL_APP_BASE_URL": "https://meet.example.org/app/",
	}
}

// parts are the header and the bodies by type.
func parts(t *testing.T, m sink.Mail) (mail.Header, map[string]string) {
	t.Helper()
	message, err := mail.ReadMessage(strings.NewReader(m.Data))
	if err != nil {
		t.Fatal(err)
	}
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, error %v", kind, err)
	}
	bodies := map[string]string{}
	reader := multipart.NewReader(message.Body, parameters["boundary"])
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return message.Header, bodies
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		bodies[kind] = string(text)
	}
}

func TestInvitationsAreSentInTheLanguageOfTheRequest(t *testing.T) {
	server := sink.Start(t)
	server.Password = "secret"
	env, options := withoutMedia(t, "sqlite::memory:")
	maps.Copy(env, mailEnv(server))
	maps.Copy(env, map[string]string{"DJANGO_EMAIL_HOST_USER": "meet", "DJANGO_EMAIL_HOST_PASSWORD": "secret"})
	address, _ := startApp(t, env, options...)
	owner := client.New(t, "http://"+address)
	owner.SignIn("demo-alice")
	room := owner.NewRoom()
	for i, c := range []struct{ header, subject, word string }{
		{"", "Video call in progress: alice@", "Join the call"}, {"fr-CA,en;q=0.1", "Appel vidéo en cours : alice@", "Rejoindre l'appel"},
		{"nl", "Videogesprek bezig: alice@", "Deelnemen aan het gesprek"}, {"de-AT", "Laufender Videoanruf: alice@", "Am Anruf teilnehmen"},
		{"xx", "Video call in progress: alice@", "Join the call"},
	} {
		owner.Header = http.Header{"Accept-Language": {c.header}}
		owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room["slug"].(string)+"/invite/", map[string]any{"emails": []string{"bob@example.com", "bob@example.com "}})
		until(t, "the letter has come", func() bool { return len(server.Mail()) == i+1 })
		got := server.Mail()[i]
		header, bodies := parts(t, got)
		subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
		if err != nil || !strings.HasPrefix(subject, c.subject) || got.From != "meet@example.org" || got.To[0] != "bob@example.com" ||
			strings.Contains(got.Data, "bob@") {
			t.Errorf("subject %q from %s to %v, error %v", subject, got.From, got.To, err)
		}
		for kind, body := range bodies {
			brand := map[string]string{"text/plain": "Visio & Co", "text/html": "Visio &amp; Co"}[kind]
			for _, word := range []string{
				brand, "https://meet.example.org/logo.png", "https://meet.example.org/app/" + room["slug"].(string),
				"meet.example.org/" + room["slug"].(string), "mailto:alice@",
			} {
				if !strings.Contains(body, word) {
					t.Errorf("%s lacks %q:\n%s", kind, word, body)
				}
			}
		}
		if !strings.Contains(bodies["text/plain"], c.word) || len(bodies) != 2 {
			t.Errorf("%s: %v", c.header, bodies)
		}
	}
}

// TestInvitationsOutlastARestart sends what was asked for while the mail
// server was away, and writes no address to the log.
func TestInvitationsOutlastARestart(t *testing.T) {
	var log syncBuffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	server := sink.Start(t)
	server.Refuse("never@example.com", 550)
	server.Refuse("later@example.com", 451)
	env, options := withoutMedia(t, "sqlite://"+filepath.Join(t.TempDir(), "meet.db"))
	maps.Copy(env, mailEnv(server))
	address, stop := startApp(t, env, options...)
	owner := client.New(t, "http://"+address)
	owner.SignIn("demo-alice")
	room, _ := owner.NewRoom()["id"].(string)
	invite := func(emails ...string) {
		t.Helper()
		owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/invite/", map[string]any{"emails": emails})
	}
	got := func(who string) bool {
		for _, m := range server.Mail() {
			if m.To[0] == who {
				return true
			}
		}
		return false
	}
	invite("never@example.com", "later@example.com", "now@example.com")
	until(t, "the one that is fine is sent", func() bool { return got("now@example.com") })
	server.Stop()
	invite("away@example.com")
	until(t, "it was tried", func() bool { return strings.Count(log.String(), "trying again later") >= 2 })
	stop()
	server.Refuse("later@example.com", 0)
	server.Start()
	env["LISTEN_ADDR"] = free(t, "tcp")
	startApp(t, env)
	until(t, "both are sent after the restart", func() bool { return got("later@example.com") && got("away@example.com") })
	if got("never@example.com") {
		t.Error("the refused letter was sent")
	}
	for _, secret := range []string{"never@", "later@", "now@", "away@", "alice@"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%s is in the log", secret)
		}
	}
}

// TestALetterThatWasTakenIsNotSentAgain has two servers, and a mail server that
// takes letters and hangs up.
func TestALetterThatWasTakenIsNotSentAgain(t *testing.T) {
	server := sink.Start(t)
	server.Rude = true
	env, options := withoutMedia(t, postgres.URL(t))
	maps.Copy(env, mailEnv(server))
	address, _ := startApp(t, env, options...)
	second := maps.Clone(env)
	second["LISTEN_ADDR"] = free(t, "tcp")
	startApp(t, second)
	owner := client.New(t, "http://"+address)
	owner.SignIn("demo-alice")
	room, _ := owner.NewRoom()["id"].(string)
	var emails []string
	for i := range 30 {
		emails = append(emails, fmt.Sprintf("guest-%d@example.com", i))
	}
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/invite/", map[string]any{"emails": emails})
	until(t, "all are sent", func() bool { return len(server.Mail()) >= len(emails) })
	until(t, "nothing is left to send", func() bool {
		db, err := sqlstore.Open(sqlstore.Config{PostgresURL: env["DATABASE_URL"]})
		if err != nil {
			return false
		}
		defer func() { _ = db.Close() }()
		var left int
		err = db.SQL().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM meet_server_letter`).Scan(&left)
		return err == nil && left == 0
	})
	times := map[string]int{}
	for _, m := range server.Mail() {
		if times[m.To[0]]++; times[m.To[0]] > 1 {
			t.Errorf("%s got it twice", m.To[0])
		}
	}
}

type syncBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// Write implements io.Writer.
func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
