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
	"sync/atomic"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"
)

// keySet is the provider's published keys (RFC 7517). It keeps what it has
// downloaded for a while, so that a withdrawn key is not trusted for long, and
// looks again for a key that it does not know. However many tokens ask for
// that, it downloads once in a while only, and a download delays nobody whose
// key is known.
type keySet struct {
	download func(ctx context.Context) ([]jose.JSONWebKey, error)
	now      func() time.Time
	after    func(time.Duration) <-chan time.Time

	asking singleflight.Group
	known  atomic.Pointer[keyState] // replaced by downloads alone
}

// keyState is what a key set knows.
type keyState struct {
	keys  []jose.JSONWebKey
	got   time.Time // when the download of the keys began
	asked time.Time // when the last download that has ended began
	err   error     // of that download
}

const (
	keysLast  = 5 * time.Minute  // that downloaded keys are believed
	keysPause = 10 * time.Second // between two downloads
)

var (
	errNoKey  = errors.New("no published key verifies the signature")
	errPaused = errors.New("no key that is known verifies the signature, and the keys were downloaded a moment ago")
)

// verify checks the signature of a token that was made at the time came. Keys
// that were downloaded before may lack the token's: a patient caller waits
// until they may be downloaded again, any other is told errPaused.
func (k *keySet) verify(ctx context.Context, signed *jose.JSONWebSignature, came time.Time, patient bool) error {
	known, err := k.younger(ctx, k.now().Add(-keysLast))
	if err != nil || verifies(known.keys, signed) {
		return err
	}
	if known.asked.Before(came) { // a download may be on its way
		if known, err = k.younger(ctx, came); err != nil || verifies(known.keys, signed) {
			return err
		}
	}
	if patient && known.asked.Before(came) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-k.after(known.asked.Add(keysPause).Sub(k.now())):
		}
		if known, err = k.younger(ctx, came); err != nil || verifies(known.keys, signed) {
			return err
		}
	}
	switch {
	case known.err != nil:
		return known.err
	case known.asked.Before(came):
		return errPaused
	}
	return errNoKey
}

// younger is what is known, after a download when the keys are from before
// since and the last download is long enough ago. Downloads are shared, so none
// ends with the request that happened to cause it.
func (k *keySet) younger(ctx context.Context, since time.Time) (keyState, error) {
	known := k.state()
	if known.got.After(since) || k.paused(known) {
		return known, nil
	}
	ended := k.asking.DoChan("", func() (any, error) {
		k.renew(context.WithoutCancel(ctx))
		return nil, nil
	})
	select {
	case <-ctx.Done():
		return keyState{}, ctx.Err()
	case <-ended:
		return k.state(), nil
	}
}

// renew downloads the keys, unless that was done since the caller looked.
func (k *keySet) renew(ctx context.Context) {
	known := k.state()
	if k.paused(known) {
		return
	}
	began := k.now()
	keys, err := k.download(ctx)
	known.asked, known.err = began, err
	if err == nil {
		known.keys, known.got = keys, began
	}
	k.known.Store(&known)
}

// state is what is known now, without keys that are too old.
func (k *keySet) state() keyState {
	known := k.known.Load()
	if known == nil {
		return keyState{}
	}
	if k.now().Sub(known.got) > keysLast {
		return keyState{asked: known.asked, err: known.err}
	}
	return *known
}

// paused reports whether it is too early for another download.
func (k *keySet) paused(known keyState) bool {
	return !known.asked.IsZero() && k.now().Sub(known.asked) < keysPause
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
