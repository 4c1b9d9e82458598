package smtp_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/adapters/smtp"
	"meet/domain"
	"meet/test/sink"
)

func send(t *testing.T, server *sink.Server, edit func(*smtp.Config), to string) error {
	t.Helper()
	config := smtp.Config{Host: server.Host, Port: portOf(server), User: "meet", Password: server.Password, From: "Meet <meet@bücher.example>", BaseURL: "https://meet.example.org"}
	if edit != nil {
		edit(&config)
	}
	mailer, err := smtp.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return mailer.Send(t.Context(), domain.Letter{ID: uuid.New(), To: to, Sender: "Ada", Slug: "abc-defg-hij", CreatedAt: time.Now()})
}

// TestLoginInClearIsForWhoeverAsksForIt tries a server that knows nothing else.
func TestLoginInClearIsForWhoeverAsksForIt(t *testing.T) {
	t.Parallel()
	server := sink.Start(t)
	server.Password, server.Login = "hidden-password", true
	for how, allowed := range map[string]bool{"": false, "plain": false, "cram-md5": false, "login": true} {
		before := len(server.Mail())
		err := send(t, server, func(c *smtp.Config) { c.Auth = how }, "ada@example.org")
		if (err == nil) != allowed || (len(server.Mail()) > before) != allowed {
			t.Errorf("%q: error %v, letters %d", how, err, len(server.Mail())-before)
		}
		if err != nil && strings.Contains(err.Error(), "hidden-") {
			t.Error(err)
		}
	}
	findings := smtp.Examine(t.Context(), smtp.Config{Host: server.Host, Port: portOf(server), User: "meet", Password: server.Password})
	if findings[0].Status != domain.Broken || !strings.Contains(findings[0].Mend, "DJANGO_EMAIL_AUTH_MECHANISM") {
		t.Errorf("got %+v", findings[0])
	}
}

func portOf(server *sink.Server) int {
	port, _ := strconv.Atoi(server.Port)
	return port
}

// TestDomainsTravelInASCII, so that every server knows where to.
func TestDomainsTravelInASCII(t *testing.T) {
	t.Parallel()
	for able, server := range map[bool]*sink.Server{false: sink.Start(t), true: sink.StartUTF8(t)} {
		for to, want := range map[string]string{
			"ada@müller.example": "ada@xn--mller-kva.example", "ada@MÜLLER.example": "ada@xn--mller-kva.example", "ada@例え.テスト": "ada@xn--r8jz45g.xn--zckzah",
			"ada@example.org": "ada@example.org", "Ada@Example.org": "Ada@Example.org",
		} {
			if err := send(t, server, nil, to); err != nil {
				t.Errorf("%s: %v", to, err)
				continue
			}
			mail := server.Mail()
			last := mail[len(mail)-1]
			if len(last.To) != 1 || last.To[0] != want || last.From != "meet@xn--bcher-kva.example" {
				t.Errorf("%s: from %s to %v", to, last.From, last.To)
			}
		}
		before := len(server.Mail())
		err := send(t, server, nil, "zoé@müller.example")
		if able && (err != nil || server.Mail()[before].To[0] != "zoé@xn--mller-kva.example") {
			t.Errorf("with SMTPUTF8: %v", err)
		}
		if !able && (!errors.Is(err, domain.ErrLetterRefused) || !strings.Contains(err.Error(), "SMTPUTF8") || strings.Contains(err.Error(), "zoé") || len(server.Mail()) > before) {
			t.Errorf("without SMTPUTF8: %v", err)
		}
		if err := send(t, server, nil, "ada@-ü-.example"); !errors.Is(err, domain.ErrLetterRefused) || strings.Contains(err.Error(), "ada@") {
			t.Errorf("a domain that cannot be one: %v", err)
		}
	}
}
