package oidc

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	bom "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"meet/domain"
)

const maxAnswer = 1 << 20 // bytes of one answer of the provider

// newClient is a client that does not let a slow, talkative or failing
// provider hurt us.
func newClient(config Config) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialTLSContext = nil // the default's may trust certificates that the provider's must not have
	if config.Proxy != nil {
		transport.Proxy = http.ProxyURL(config.Proxy)
	}
	if !config.VerifyTLS {
		transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // OIDC_VERIFY_SSL=false asks for it
	}
	return &http.Client{Transport: guard{transport}, Timeout: config.Timeout}
}

// guard bounds answers and turns failures of the provider into errors.
type guard struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (g guard) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := g.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= http.StatusInternalServerError {
		_ = response.Body.Close()
		return nil, &failedAnswer{response.StatusCode}
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, maxAnswer), response.Body}
	return response, nil
}

// askJSON decodes the JSON of a successful answer.
func (p *Provider) askJSON(request *http.Request, answer any) error {
	response, err := p.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	body, err := text(response)
	if err != nil {
		return err
	}
	if json.Unmarshal(body, answer) != nil {
		return errors.New("not JSON")
	}
	return nil
}

// text is the answer's body in UTF-8 without a byte order mark. Providers send
// JSON with all kinds of content types and encodings, so only its charset
// counts.
func text(response *http.Response) ([]byte, error) {
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	decoder := encoding.Nop.NewDecoder().Transformer
	_, parameters, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if charset, err := htmlindex.Get(parameters["charset"]); err == nil {
		decoder = charset.NewDecoder().Transformer
	}
	body, _, err = transform.Bytes(bom.BOMOverride(decoder), body)
	return body, err
}

// failedAnswer is an answer with a 5xx status.
type failedAnswer struct{ status int }

func (f *failedAnswer) Error() string { return fmt.Sprintf("the provider answered %d", f.status) }

// isUpstream reports whether the provider could not be asked properly, as
// opposed to having given an answer that we do not like.
func isUpstream(err error) bool {
	_, network := errors.AsType[*url.Error](err)
	_, failed := errors.AsType[*failedAnswer](err)
	return network || failed || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errPaused)
}

// upstream says that the provider is at fault, without its answer's content.
func upstream(step string, err error) error {
	known := &domain.Error{Kind: domain.Upstream, Detail: "The sign-in service does not answer properly."}
	if address, ok := errors.AsType[*url.Error](err); ok {
		if address.Timeout() {
			known = &domain.Error{Kind: domain.Timeout, Detail: "The sign-in service does not answer in time."}
		}
		err = address.Err // the address may hold tokens
	}
	return fmt.Errorf("%w (%s: %w)", known, step, err)
}

func refused(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{domain.ErrSignInRefused}, args...)...)
}

const maxSaid = 200 // characters that are repeated of what the provider says

// said is what the provider says, short and on one line, without the secrets
// that it may repeat.
func said(text string, secrets ...string) string {
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	runes := []rune(strings.Join(strings.FieldsFunc(text, unicode.IsControl), " "))
	return string(runes[:min(len(runes), maxSaid)])
}
