package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"

	"meet/domain"
	"meet/ports"
)

// sessionKey is the name of a session in the store: a reader of the database
// learns no token.
func sessionKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// sessionCodec keeps sessions as texts by name, like a query: the library's
// own encoding costs more than the rest of a request.
type sessionCodec struct{}

var _ scs.Codec = sessionCodec{}

// Encode implements scs.Codec. The deadline lives in a column of its own.
func (sessionCodec) Encode(_ time.Time, values map[string]any) ([]byte, error) {
	pairs := url.Values{}
	for name, value := range values {
		if text, ok := value.(string); ok {
			pairs.Set(name, text)
		}
	}
	return []byte(pairs.Encode()), nil
}

// Decode implements scs.Codec.
func (sessionCodec) Decode(data []byte) (time.Time, map[string]any, error) {
	pairs, err := url.ParseQuery(string(data))
	values := make(map[string]any, len(pairs))
	for name := range pairs {
		values[name] = pairs.Get(name)
	}
	return time.Time{}, values, err
}

// scsStore is our store as the library wants it.
type scsStore struct {
	store ports.Sessions
	now   ports.Clock
}

var _ scs.CtxStore = scsStore{}

var errNobodysSession = errors.New("a session without a person")

// FindCtx implements scs.CtxStore and notes whose session it is.
func (s scsStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	session, found, err := s.store.Find(ctx, sessionKey(token), s.now())
	if whose, waiting := ctx.Value(holderKey{}).(*holder); found && waiting {
		*whose = holder{user: session.UserID, sid: session.SID, born: session.CreatedAt, dies: session.ExpiresAt}
	}
	return []byte(session.Data), found, err
}

// CommitCtx implements scs.CtxStore. The lifetime is fixed at sign-in.
func (s scsStore) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	whose, known := ctx.Value(holderKey{}).(*holder)
	if !known || whose.dies.IsZero() {
		return errNobodysSession
	}
	return s.store.Add(ctx, domain.Session{
		Key: sessionKey(token), UserID: whose.user, SID: whose.sid, Data: string(data), CreatedAt: whose.born, ExpiresAt: whose.dies,
	})
}

// DeleteCtx implements scs.CtxStore.
func (s scsStore) DeleteCtx(ctx context.Context, token string) error {
	return s.store.Remove(ctx, sessionKey(token))
}

// Find implements scs.Store; the library calls FindCtx instead.
func (s scsStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit implements scs.Store; the library calls CommitCtx instead.
func (s scsStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete implements scs.Store; the library calls DeleteCtx instead.
func (s scsStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
