package oidc_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"

	"meet/adapters/oidc"
	"meet/domain"
)

// The default transport may be told to trust the media server's certificate;
// the provider's is another matter.
func TestTheProvidersCertificateIsCheckedByItsOwnSetting(t *testing.T) {
	secure := newLiar(t)
	transport := http.DefaultTransport.(*http.Transport)
	transport.DialTLSContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("not for the provider")
	}
	defer func() { transport.DialTLSContext = nil }()
	secure.startTLS(t)
	for verify, want := range map[bool]domain.Kind{true: domain.Upstream, false: domain.Internal} {
		_, err := secure.identify(t, func(c *oidc.Config) { c.VerifyTLS = verify })
		if domain.KindOf(err) != want {
			t.Errorf("verify %v: %v", verify, err)
		}
	}
}
