package oidc

import (
	"context"
	"errors"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"
)

// keysStub answers with err and notes whether it could have been abandoned.
type keysStub struct{ err error }

func (k keysStub) VerifySignature(ctx context.Context, _ *jose.JSONWebSignature) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return []byte("payload"), k.err
}

func TestKeysAreRenewed(t *testing.T) {
	t.Parallel()
	now, downloads, wrong := time.Now(), 0, error(nil)
	keys := &renewedKeys{now: func() time.Time { return now }, download: func() zitadel.KeySet { downloads++; return keysStub{wrong} }}
	gone, leave := context.WithCancel(t.Context())
	leave() // a request that is abandoned does not fail those of others
	verify := func(after time.Duration, ok bool, want int) {
		t.Helper()
		now = now.Add(after)
		if _, err := keys.VerifySignature(gone, nil); (err == nil) != ok || downloads != want {
			t.Errorf("error %v after %d downloads, want %d", err, downloads, want)
		}
	}
	verify(0, true, 1)
	verify(keysLast-1, true, 1)
	verify(1, true, 2)
	wrong = errors.New("bad signature")
	verify(keysLast, false, 3)
	verify(keysDoubt-1, false, 3) // forged tokens do not make us ask each time
	wrong = nil                   // the key was replaced under its name
	verify(1, true, 4)
}
