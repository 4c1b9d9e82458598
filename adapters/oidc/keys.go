package oidc

import (
	"context"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"
)

// renewedKeys is the library's key set, which keeps what it has downloaded,
// made anew now and then: a withdrawn key is not trusted for long, and one
// that was replaced under its name is noticed.
type renewedKeys struct {
	download func() zitadel.KeySet
	now      func() time.Time

	mu    sync.Mutex
	keys  zitadel.KeySet
	since time.Time
}

const (
	keysLast  = 5 * time.Minute  // that downloaded keys are believed
	keysDoubt = 10 * time.Second // after which a bad signature makes us look again
)

// VerifySignature implements the library's KeySet. Downloads are shared, so
// none ends with the request that happened to cause it.
func (k *renewedKeys) VerifySignature(ctx context.Context, signed *jose.JSONWebSignature) ([]byte, error) {
	ctx = context.WithoutCancel(ctx)
	payload, err := k.younger(keysLast).VerifySignature(ctx, signed)
	if err == nil || isUpstream(err) {
		return payload, err
	}
	return k.younger(keysDoubt).VerifySignature(ctx, signed)
}

// younger is the key set, a new one when it is older than age.
func (k *renewedKeys) younger(age time.Duration) zitadel.KeySet {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := k.now(); k.keys == nil || now.Sub(k.since) >= age {
		k.keys, k.since = k.download(), now
	}
	return k.keys
}
