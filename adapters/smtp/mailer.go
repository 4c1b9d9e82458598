// Package smtp sends invitations through a mail server.
package smtp

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"meet/domain"
	"meet/ports"
)

// Config names the mail server and what stands in the letters.
type Config struct {
	Host     string // "" for none: letters are refused
	Port     int    // 0 for the usual one
	User     string // with Password; "" sends without signing in
	Password string
	StartTLS bool
	TLS      bool   // from the first byte
	Auth     string // how to sign in: plain, login, cram-md5; "" for what the server offers
	From     string

	Brand   string
	Logo    string // address of an image, "" for none
	Domain  string // shown in links
	BaseURL string // of the frontend; links lead there
}

// Mailer implements ports.Mailer.
type Mailer struct {
	config  Config
	wording map[string]wording
}

var _ ports.Mailer = (*Mailer)(nil)

// New prepares the mailer; it connects when it sends.
func New(config Config) (*Mailer, error) {
	texts, err := readWording()
	if err != nil {
		return nil, err
	}
	return &Mailer{config, texts}, nil
}

const sendTimeout = 30 * time.Second

// Send implements ports.Mailer.
func (m *Mailer) Send(ctx context.Context, letter domain.Letter) error {
	if m.config.Host == "" {
		return fmt.Errorf("%w: DJANGO_EMAIL_HOST is not set", domain.ErrLetterRefused)
	}
	message, err := m.message(letter)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(m.config.Host, m.options()...)
	if err != nil {
		return fmt.Errorf("%w: mail client", domain.ErrLetterRefused)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	err = deliver(ctx, client, message, mailbox(letter.To))
	if message.IsDelivered() { // only saying goodbye failed
		return nil
	}
	return verdict(err, letter)
}

// deliver sends the message. A server without SMTPUTF8 (RFC 6531) cannot be
// told of letters beyond ASCII in the name of a mailbox.
func deliver(ctx context.Context, client *gomail.Client, message *gomail.Msg, mailbox string) (err error) {
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { err = errors.Join(err, client.CloseWithSMTPClient(connection)) }()
	if able, _ := connection.Extension("SMTPUTF8"); !able && !ascii(mailbox) {
		return fmt.Errorf("%w: the mail server knows no SMTPUTF8, which the recipient's mailbox needs", domain.ErrLetterRefused)
	}
	return client.SendWithSMTPClient(connection, message)
}

// verdict keeps addresses out of the error, which is logged.
func verdict(err error, letter domain.Letter) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, domain.ErrLetterRefused) {
		return err
	}
	refused, answered := errors.AsType[*gomail.SendError](err)
	if answered && refused.ErrorCode() >= 500 && !refused.IsTemp() {
		return fmt.Errorf("%w: %d %s", domain.ErrLetterRefused, refused.ErrorCode(), refused.EnhancedStatusCode())
	}
	text := err.Error()
	to, _ := routable(letter.To)
	for _, address := range []string{to, letter.To, letter.Sender} {
		if address != "" {
			text = strings.ReplaceAll(text, address, "***")
		}
	}
	return errors.New(text) //nolint:err113 // the cause would quote addresses
}

func (m *Mailer) options() []gomail.Option {
	options := []gomail.Option{gomail.WithTimeout(sendTimeout), gomail.WithTLSPolicy(gomail.NoTLS)}
	if m.config.StartTLS {
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	port := m.config.Port
	if m.config.TLS {
		options = append(options, gomail.WithSSL())
		if port == 0 {
			port = 465
		}
	}
	if port == 0 {
		port = 25
	}
	options = append(options, gomail.WithPort(port))
	if m.config.User != "" && m.config.Password != "" {
		options = append(options, m.signIn(), gomail.WithUsername(m.config.User), gomail.WithPassword(m.config.Password))
	}
	return options
}

// signIn chooses how: without TLS the password stands readable on the network
// only where the server offers nothing better than PLAIN, as configured, and in
// LOGIN only where the operator asks for that.
func (m *Mailer) signIn() gomail.Option {
	encrypted := m.config.TLS || m.config.StartTLS
	switch {
	case m.config.Auth == "cram-md5":
		return gomail.WithSMTPAuth(gomail.SMTPAuthCramMD5)
	case m.config.Auth == "login" && encrypted:
		return gomail.WithSMTPAuth(gomail.SMTPAuthLogin)
	case m.config.Auth == "login":
		return gomail.WithSMTPAuth(gomail.SMTPAuthLoginNoEnc)
	case m.config.Auth == "plain" && encrypted:
		return gomail.WithSMTPAuth(gomail.SMTPAuthPlain)
	case m.config.Auth == "plain":
		return gomail.WithSMTPAuth(gomail.SMTPAuthPlainNoEnc)
	case encrypted:
		return gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover)
	}
	return gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthCramMD5, gomail.SMTPAuthPlainNoEnc)
}

// message is the letter as MIME. The recipient stands in the envelope alone.
func (m *Mailer) message(letter domain.Letter) (*gomail.Msg, error) {
	subject, text, html, err := m.render(letter)
	if err != nil {
		return nil, err
	}
	message := gomail.NewMsg()
	from, err := mail.ParseAddress(m.config.From)
	if err != nil {
		return nil, fmt.Errorf("%w: DJANGO_EMAIL_FROM is no address", domain.ErrLetterRefused)
	}
	if from.Address, err = routable(from.Address); err != nil {
		return nil, err
	}
	message.FromMailAddress(from)
	to, err := routable(letter.To)
	if err != nil {
		return nil, err
	}
	if err := message.Bcc(to); err != nil {
		return nil, fmt.Errorf("%w: no address", domain.ErrLetterRefused)
	}
	message.Subject(subject)
	message.SetDateWithValue(letter.CreatedAt)
	message.SetMessageIDWithValue(letter.ID.String() + "@" + domainOf(from.Address))
	message.SetBodyString(gomail.TypeTextPlain, text)
	message.AddAlternativeString(gomail.TypeTextHTML, html)
	return message, nil
}
