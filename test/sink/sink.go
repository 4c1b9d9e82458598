// Package sink is a mail server that keeps what it gets, for tests.
package sink

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Mail is what came in one transaction.
type Mail struct {
	From string
	To   []string
	Data string
}

// Server keeps all mail. It can be stopped and started again.
type Server struct {
	Host, Port string
	Password   string // of the user "meet"; "" lets everybody send
	Rude       bool   // hangs up after each letter, without a goodbye
	Login      bool   // knows AUTH LOGIN alone

	utf8   bool
	t      testing.TB
	server *smtp.Server
	mu     sync.Mutex
	mail   []Mail
	refuse map[string]*smtp.SMTPError
}

// Start listens on a free loopback port until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	return start(t, false)
}

// StartUTF8 runs one that knows SMTPUTF8 (RFC 6531).
func StartUTF8(t testing.TB) *Server {
	t.Helper()
	return start(t, true)
}

func start(t testing.TB, utf8 bool) *Server {
	t.Helper()
	s := &Server{Host: "127.0.0.1", Port: "0", utf8: utf8, t: t, refuse: map[string]*smtp.SMTPError{}}
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

// Start listens again, on the same port as before.
func (s *Server) Start() {
	s.t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(s.t.Context(), "tcp", net.JoinHostPort(s.Host, s.Port))
	if err != nil {
		s.t.Fatal(err)
	}
	_, s.Port, _ = net.SplitHostPort(listener.Addr().String())
	s.server = smtp.NewServer(s)
	s.server.AllowInsecureAuth, s.server.EnableSMTPUTF8, s.server.Domain = true, s.utf8, "sink"
	go func(server *smtp.Server) { _ = server.Serve(listener) }(s.server)
}

// Stop listens no more.
func (s *Server) Stop() { _ = s.server.Close() }

// Refuse answers the recipient with the code from now on, 0 for none.
func (s *Server) Refuse(recipient string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if delete(s.refuse, recipient); code != 0 {
		s.refuse[recipient] = &smtp.SMTPError{Code: code, Message: "no"}
	}
}

// Mail is what has come so far.
func (s *Server) Mail() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mail...)
}

// NewSession implements smtp.Backend.
func (s *Server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{sink: s, conn: c, known: s.Password == ""}, nil
}

type session struct {
	sink  *Server
	conn  *smtp.Conn
	known bool
	mail  Mail
}

var _ smtp.AuthSession = (*session)(nil)

// AuthMechanisms implements smtp.AuthSession.
func (s *session) AuthMechanisms() []string {
	if s.sink.Password == "" {
		return nil
	}
	if s.sink.Login {
		return []string{sasl.Login}
	}
	return []string{sasl.Plain}
}

// Auth implements smtp.AuthSession.
func (s *session) Auth(string) (sasl.Server, error) {
	if s.sink.Login {
		return &login{check: s.check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return s.check(user, password) }), nil
}

func (s *session) check(user, password string) error {
	if s.known = user == "meet" && password == s.sink.Password; !s.known {
		return smtp.ErrAuthFailed
	}
	return nil
}

// login is the server's side of AUTH LOGIN.
type login struct {
	check func(user, password string) error
	asked bool
	user  *string
}

// Next implements sasl.Server.
func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case !l.asked:
		l.asked = true
		return []byte("Username:"), false, nil
	case l.user == nil:
		user := string(response)
		l.user = &user
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(*l.user, string(response))
}

// Mail implements smtp.Session.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.mail = Mail{From: from}
	return nil
}

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	if refused, is := s.sink.refuse[to]; is {
		return refused
	}
	s.mail.To = append(s.mail.To, to)
	return nil
}

// Data implements smtp.Session.
func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.Data = string(data)
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.mail = append(s.sink.mail, s.mail)
	return nil
}

// Reset implements smtp.Session.
func (s *session) Reset() {
	if s.sink.Rude && s.mail.Data != "" {
		_ = s.conn.Conn().Close()
	}
	s.mail = Mail{}
}

// Logout implements smtp.Session.
func (s *session) Logout() error { return nil }
