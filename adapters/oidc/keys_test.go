package oidc

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/url"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

// keyring is a provider that publishes one key, and a clock that moves when
// somebody waits.
type keyring struct {
	t         *testing.T
	set       *keySet
	now       time.Time
	published jose.JSONWebKey
	err       error
	downloads int
	waits     int
}

func newKeyring(t *testing.T) *keyring {
	t.Helper()
	r := &keyring{t: t, now: time.Now()}
	r.set = &keySet{
		now: func() time.Time { return r.now },
		after: func(d time.Duration) <-chan time.Time {
			r.waits++
			r.now = r.now.Add(d)
			done := make(chan time.Time, 1)
			done <- r.now
			return done
		},
		download: func(ctx context.Context) ([]jose.JSONWebKey, error) {
			r.downloads++
			return []jose.JSONWebKey{r.published}, errors.Join(r.err, ctx.Err())
		},
	}
	return r
}

// rotate makes the provider sign with a new key, whose tokens it returns.
func (r *keyring) rotate(id string) *jose.JSONWebSignature {
	r.t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		r.t.Fatal(err)
	}
	r.published = jose.JSONWebKey{Key: &key.PublicKey, KeyID: id}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: id}}, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	signed, err := signer.Sign([]byte("{}"))
	if err != nil {
		r.t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		r.t.Fatal(err)
	}
	token, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		r.t.Fatal(err)
	}
	return token
}

func (r *keyring) verify(token *jose.JSONWebSignature, patient, ok bool, downloads int) {
	r.t.Helper()
	if err := r.set.verify(r.t.Context(), token, r.now, patient); (err == nil) != ok || r.downloads != downloads {
		r.t.Errorf("error %v after %d downloads, want %d", err, r.downloads, downloads)
	}
}

func TestKeysAreRenewed(t *testing.T) {
	t.Parallel()
	r := newKeyring(t)
	token := r.rotate("k1")
	r.verify(token, false, true, 1)
	r.now = r.now.Add(keysLast - 1)
	r.verify(token, false, true, 1)
	r.now = r.now.Add(1)
	r.verify(token, false, true, 2)
	r.now = r.now.Add(keysPause)
	r.verify(r.rotate("k1"), false, true, 3) // the key was replaced under its name
	r.now = r.now.Add(keysPause)
	r.verify(token, false, false, 4) // withdrawn
}

func TestMadeUpTokensCauseOneDownloadInTenSeconds(t *testing.T) {
	t.Parallel()
	r := newKeyring(t)
	unknown, forged := r.rotate("k2"), r.rotate("k1")
	honest := r.rotate("k1")
	for range 60 {
		r.verify(unknown, false, false, 1)
		r.verify(forged, false, false, 1)
		r.verify(honest, false, true, 1)
	}
	r.now = r.now.Add(keysPause - 1)
	r.verify(unknown, false, false, 1)
	r.now = r.now.Add(1)
	for range 60 {
		r.verify(unknown, false, false, 2)
	}
}

func TestAFailedDownloadIsNotRepeatedAtOnce(t *testing.T) {
	t.Parallel()
	r := newKeyring(t)
	token := r.rotate("k1")
	r.err = &url.Error{Op: "Get", URL: "x", Err: errors.New("away")}
	for range 60 {
		r.verify(token, false, false, 1)
	}
	if err := r.set.verify(t.Context(), token, r.now, false); !isUpstream(err) {
		t.Errorf("got %v", err)
	}
	r.err = nil
	r.now = r.now.Add(keysPause)
	r.verify(token, false, true, 2)
	r.err = errors.New("away")
	r.now = r.now.Add(keysPause)
	r.verify(r.rotate("k2"), false, false, 3)
	r.verify(token, false, true, 3) // keys that are believed outlast a failure
	r.now = r.now.Add(keysLast)
	r.verify(token, false, false, 4) // but not for long
}

// Whoever signs in while strangers make up tokens and the provider has a new
// key waits for the next download.
func TestAnHonestSignInWaitsForANewKey(t *testing.T) {
	t.Parallel()
	r := newKeyring(t)
	unknown := r.rotate("k9")
	r.rotate("k1")
	r.verify(unknown, false, false, 1)
	r.now = r.now.Add(3 * time.Second)
	renewed := r.rotate("k2")
	r.verify(renewed, false, false, 1)
	r.verify(renewed, true, true, 2)
	if r.waits != 1 {
		t.Errorf("waited %d times", r.waits)
	}
	fresh := newKeyring(t)
	unknown = fresh.rotate("k9")
	fresh.rotate("k1")
	fresh.verify(unknown, true, false, 1)
	if fresh.waits != 0 {
		t.Error("waited though the keys were downloaded after the token came")
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	fresh.set.after = func(time.Duration) <-chan time.Time { return nil }
	fresh.now = fresh.now.Add(time.Second)
	if err := fresh.set.verify(gone, unknown, fresh.now, true); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the waiting to end with the request", err)
	}
}

// slow makes the next download last until release is called; began is closed
// when it has begun.
func (r *keyring) slow() (began <-chan struct{}, release func()) {
	begins, ends, quick := make(chan struct{}), make(chan struct{}), r.set.download
	r.set.download = func(ctx context.Context) ([]jose.JSONWebKey, error) {
		close(begins)
		<-ends
		return quick(ctx)
	}
	return begins, func() { close(ends) }
}

// inTime is the answer of verify, which must not wait for a download.
func (r *keyring) inTime(ctx context.Context, token *jose.JSONWebSignature) error {
	r.t.Helper()
	answer, now := make(chan error, 1), r.now
	go func() { answer <- r.set.verify(ctx, token, now, true) }()
	select {
	case err := <-answer:
		return err
	case <-time.After(10 * time.Second):
		r.t.Fatal("waits for a download that does not end")
		return nil
	}
}

func TestASlowDownloadDelaysNobodyWhoseKeyIsKnown(t *testing.T) {
	t.Parallel()
	r := newKeyring(t)
	madeUp, honest := r.rotate("k9"), r.rotate("k1")
	r.verify(honest, true, true, 1)
	r.now = r.now.Add(keysPause)
	began, release := r.slow()
	stranger := make(chan error, 1)
	came := r.now
	go func() { stranger <- r.set.verify(t.Context(), madeUp, came, false) }()
	<-began
	for range 60 {
		if err := r.inTime(t.Context(), honest); err != nil {
			t.Errorf("an honest sign-in: %v", err)
		}
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := r.inTime(gone, madeUp); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the waiting to end with the request", err)
	}
	release()
	if err := <-stranger; !errors.Is(err, errNoKey) || r.downloads != 2 {
		t.Errorf("error %v after %d downloads", err, r.downloads)
	}
}

// The download outlives the request that caused it, and whoever comes
// meanwhile gets its keys.
func TestADownloadIsSharedByAllWhoWaitForIt(t *testing.T) {
	t.Parallel()
	r := newKeyring(t)
	known := r.rotate("k1")
	r.verify(known, true, true, 1)
	r.now = r.now.Add(keysPause)
	renewed := r.rotate("k2")
	began, release := r.slow()
	first, leave := context.WithCancel(t.Context())
	abandoned, others := make(chan error, 1), make(chan error, 20)
	came := r.now
	go func() { abandoned <- r.set.verify(first, renewed, came, true) }()
	<-began
	leave()
	if err := <-abandoned; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the waiting to end with the request", err)
	}
	for i := range cap(others) {
		go func() { others <- r.set.verify(t.Context(), renewed, came, i%2 == 0) }()
	}
	release()
	for range cap(others) {
		if err := <-others; err != nil {
			t.Error(err)
		}
	}
	if r.downloads != 2 || r.waits != 0 {
		t.Errorf("%d downloads, %d waits", r.downloads, r.waits)
	}
}

// Made-up tokens keep us from looking for the key of a real one for a moment,
// and that is no fault of the real one.
func TestATokenIsNotCalledInvalidWhileItsKeyMayNotBeLookedFor(t *testing.T) {
	t.Parallel()
	r := newKeyring(t)
	madeUp := r.rotate("k9")
	r.rotate("k1")
	r.verify(madeUp, false, false, 1)
	r.now = r.now.Add(time.Second)
	renewed := r.rotate("k2")
	for range 60 {
		for _, token := range []*jose.JSONWebSignature{madeUp, renewed} {
			if err := r.set.verify(t.Context(), token, r.now, false); !errors.Is(err, errPaused) || r.downloads != 1 {
				t.Fatalf("got %v after %d downloads", err, r.downloads)
			}
		}
	}
	r.now = r.now.Add(keysPause)
	if err := r.set.verify(t.Context(), madeUp, r.now, false); !errors.Is(err, errNoKey) {
		t.Errorf("got %v, want a refusal after the next download", err)
	}
	r.verify(renewed, false, true, 2)
}
