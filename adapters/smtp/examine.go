package smtp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/textproto"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"meet/domain"
)

const (
	examineTimeout = 10 * time.Second
	defaultFrom    = "from@example.com" // of the reference
)

// Examine greets the mail server and signs in as for a letter; it sends
// nothing.
func Examine(ctx context.Context, config Config) []domain.Finding {
	if config.Host == "" {
		return []domain.Finding{{Check: "smtp.connection", Status: domain.Unexamined, Seen: "no mail server is configured: nobody can be invited by e-mail",
			Mend: "set DJANGO_EMAIL_HOST if people are to be invited"}}
	}
	findings := []domain.Finding{greeting(ctx, config)}
	if config.From == defaultFrom {
		findings = append(findings, domain.Finding{Check: "smtp.sender", Status: domain.Doubtful, Seen: "letters come from a made-up address",
			Mend: "set DJANGO_EMAIL_FROM to an address that the mail server may send from"})
	}
	if config.BaseURL == "" {
		findings = append(findings, domain.Finding{Check: "smtp.links", Status: domain.Doubtful, Seen: "links in invitations lead nowhere",
			Mend: "set DJANGO_EMAIL_APP_BASE_URL to the public address"})
	}
	return findings
}

func greeting(ctx context.Context, config Config) domain.Finding {
	finding := domain.Finding{Check: "smtp.connection", Status: domain.Broken, Mend: "check DJANGO_EMAIL_HOST and DJANGO_EMAIL_PORT"}
	client, err := gomail.NewClient(config.Host, append((&Mailer{config: config}).options(), gomail.WithTimeout(examineTimeout))...)
	if err != nil {
		finding.Seen = "the mail server's address cannot be used"
		return finding
	}
	ctx, cancel := context.WithTimeout(ctx, examineTimeout)
	defer cancel()
	if err = client.DialWithContext(ctx); err == nil {
		_ = client.Close() // QUIT; how it ends does not matter
		finding.Status, finding.Seen, finding.Mend = domain.Healthy, "the mail server lets us in", ""
		return finding
	}
	finding.Seen, finding.Mend = complaint(err, finding.Mend)
	return finding
}

// complaint says what went wrong, without the server's words: they may quote
// addresses.
func complaint(err error, otherwise string) (seen, mend string) {
	answer, answered := errors.AsType[*textproto.Error](err)
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, plain := errors.AsType[tls.RecordHeaderError](err)
	network, away := errors.AsType[net.Error](err)
	text := err.Error()
	switch {
	case strings.Contains(text, "does not support STARTTLS"):
		return "the mail server knows no STARTTLS", "remove DJANGO_EMAIL_USE_TLS, or set DJANGO_EMAIL_USE_SSL instead if the port speaks TLS from the start"
	case certificate || unknown:
		return "the mail server's certificate is not trusted", "give the mail server a certificate for the name in DJANGO_EMAIL_HOST"
	case plain:
		return "the mail server speaks no TLS on that port", "remove DJANGO_EMAIL_USE_SSL, or set DJANGO_EMAIL_PORT to the port with TLS (465)"
	case errors.Is(err, gomail.ErrNoSupportedAuthDiscovered) && !strings.Contains(text, "does not support SMTP AUTH"), errors.Is(err, gomail.ErrPlainAuthNotSupported), errors.Is(err, gomail.ErrLoginAuthNotSupported), errors.Is(err, gomail.ErrCramMD5AuthNotSupported):
		return "the mail server offers no way to sign in that we may use", "set DJANGO_EMAIL_USE_TLS (or DJANGO_EMAIL_USE_SSL), or DJANGO_EMAIL_AUTH_MECHANISM to one that it offers, such as login; remove DJANGO_EMAIL_HOST_USER if it wants nobody to sign in"
	case strings.Contains(text, "does not support SMTP AUTH"):
		return "the mail server lets nobody sign in here", "remove DJANGO_EMAIL_HOST_USER, or use the port for submission with DJANGO_EMAIL_USE_TLS"
	case answered && (answer.Code == 535 || answer.Code == 534 || answer.Code == 530), strings.Contains(text, "SMTP AUTH failed"):
		return "the mail server refuses our credentials", "check DJANGO_EMAIL_HOST_USER and DJANGO_EMAIL_HOST_PASSWORD"
	case away && network.Timeout():
		return "the mail server does not answer in time", otherwise + "; a port with TLS from the start (465) needs DJANGO_EMAIL_USE_SSL"
	}
	if opening, ok := errors.AsType[*net.OpError](err); ok {
		return "the mail server does not answer: " + opening.Error(), otherwise
	}
	return "the mail server does not answer properly", otherwise
}
