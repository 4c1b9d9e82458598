package oidc

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

// keySet is the provider's published keys (RFC 7517). It keeps what it has
// downloaded for a while, so that a withdrawn key is not trusted for long, and
// looks again for a key that it does not know. However many tokens ask for
// that, it downloads once in a while only.
type keySet struct {
	download func(ctx context.Context) ([]jose.JSONWebKey, error)
	now      func() time.Time
	after    func(time.Duration) <-chan time.Time

	mu    sync.Mutex
	keys  []jose.JSONWebKey
	err   error     // of the last download
	asked time.Time // when the last download began
	got   time.Time // when the keys were downloaded
}

const (
	keysLast  = 5 * time.Minute  // that downloaded keys are believed
	keysPause = 10 * time.Second // between two downloads
)

var errNoKey = errors.New("no published key verifies the signature")

// verify checks the signature of a token that was made at the time came. Keys
// that were downloaded before may lack the token's: a patient caller waits
// until they may be downloaded again.
func (k *keySet) verify(ctx context.Context, signed *jose.JSONWebSignature, came time.Time, patient bool) error {
	keys, asked, err := k.younger(ctx, k.now().Add(-keysLast))
	if verifies(keys, signed) {
		return nil
	}
	if asked.Before(came) {
		if pause := asked.Add(keysPause).Sub(k.now()); patient && pause > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-k.after(pause):
			}
		}
		if keys, _, err = k.younger(ctx, came); verifies(keys, signed) {
			return nil
		}
	}
	if err != nil {
		return err
	}
	return errNoKey
}

// younger is the keys, downloaded anew when they are from before since and the
// last download is long enough ago. Downloads are shared, so none ends with
// the request that happened to cause it.
func (k *keySet) younger(ctx context.Context, since time.Time) (keys []jose.JSONWebKey, asked time.Time, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	if k.got.After(since) || !k.asked.IsZero() && now.Sub(k.asked) < keysPause {
		return k.believed(now), k.asked, k.err
	}
	k.asked = now
	fresh, err := k.download(context.WithoutCancel(ctx))
	if k.err = err; err == nil {
		k.keys, k.got = fresh, now
	}
	return k.believed(now), k.asked, k.err
}

// believed is the keys, none when they are too old.
func (k *keySet) believed(now time.Time) []jose.JSONWebKey {
	if now.Sub(k.got) > keysLast {
		return nil
	}
	return k.keys
}

// verifies reports whether one of the keys made the signature.
func verifies(keys []jose.JSONWebKey, signed *jose.JSONWebSignature) bool {
	header := signed.Signatures[0].Header
	for _, key := range keys {
		named := key.KeyID == "" || header.KeyID == "" || key.KeyID == header.KeyID
		if !named || !fits(key, header.Algorithm) {
			continue
		}
		if _, err := signed.Verify(key.Key); err == nil {
			return true
		}
	}
	return false
}

// fits reports whether the key verifies signatures of the algorithm.
func fits(key jose.JSONWebKey, algorithm string) bool {
	if key.Use == "enc" || key.Algorithm != "" && key.Algorithm != algorithm {
		return false
	}
	switch public := key.Key.(type) {
	case *rsa.PublicKey:
		return strings.HasPrefix(algorithm, "RS") || strings.HasPrefix(algorithm, "PS")
	case *ecdsa.PublicKey:
		return map[string]int{"ES256": 256, "ES384": 384, "ES512": 521}[algorithm] == public.Curve.Params().BitSize
	case ed25519.PublicKey:
		return algorithm == "EdDSA"
	}
	return false
}

// published downloads the keys. One that cannot be used (another curve or
// type, a broken member) is passed over; certificates, which we do not trust
// anyway, are not looked at.
func (p *Provider) published(ctx context.Context, address string) (keys []jose.JSONWebKey, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := p.askJSON(request, &set); err != nil {
		return nil, err
	}
	if set.Keys == nil {
		return nil, errors.New("not a key set")
	}
	for _, members := range set.Keys {
		for _, certificate := range []string{"x5c", "x5t", "x5t#S256", "x5u"} {
			delete(members, certificate)
		}
		var key jose.JSONWebKey
		if text, err := json.Marshal(members); err == nil && json.Unmarshal(text, &key) == nil {
			keys = append(keys, key)
		}
	}
	return keys, nil
}
