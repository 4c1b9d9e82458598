package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"meet/domain"
	"meet/ports"
)

// sessions ties the session library to our store. A session is only ever
// written by signing in or out; other requests read it in one round trip,
// the person included.
type sessions struct {
	*Server
	manager *scs.SessionManager
}

// What a session holds besides the person.
const (
	sessionIDToken     = "id_token"
	sessionLogoutState = "logout_state"
)

func newSessions(s *Server) *sessions {
	manager := scs.New()
	manager.Store = scsStore{store: s.Sessions, now: s.World.Now}
	manager.Lifetime = s.config.SessionAge
	manager.HashTokenInStore = true
	return &sessions{s, manager}
}

// bearer is the person of a session on its way through the library.
type bearer struct {
	user       domain.User
	sid        string
	born, dies time.Time
}

type bearerKey struct{}

const contextKey = "session"

// recognise finds the person behind the request's cookie; a stale cookie is
// taken away.
func (s *sessions) recognise(c echo.Context) (domain.User, error) {
	cookies := c.Request().CookiesNamed(s.config.SessionCookie)
	if len(cookies) == 0 {
		return domain.User{}, nil
	}
	who := &bearer{}
	ctx, err := s.manager.Load(context.WithValue(c.Request().Context(), bearerKey{}, who), cookies[0].Value)
	if err != nil {
		return domain.User{}, fmt.Errorf("read session: %w", err)
	}
	if !who.user.SignedIn() {
		s.setCookie(c, "", -1)
		return domain.User{}, nil
	}
	c.Set(contextKey, ctx)
	c.Set(actorKey, who.user)
	return who.user, nil
}

// begin signs the person in: the browser gets a new session, whatever it had
// before is over.
func (s *sessions) begin(c echo.Context, user domain.User, identity domain.Identity) error {
	if err := s.end(c); err != nil {
		return err
	}
	now := s.World.Now()
	who := &bearer{user: user, sid: identity.SID, born: now, dies: now.Add(s.config.SessionAge)}
	ctx, err := s.manager.Load(context.WithValue(c.Request().Context(), bearerKey{}, who), "")
	if err != nil {
		return fmt.Errorf("begin session: %w", err)
	}
	if s.config.StoreIDToken {
		s.manager.Put(ctx, sessionIDToken, identity.IDToken)
	}
	s.manager.Put(ctx, "since", who.born.Unix())
	token, _, err := s.manager.Commit(ctx)
	if err != nil {
		return fmt.Errorf("begin session: %w", err)
	}
	s.setCookie(c, token, int(s.config.SessionAge.Seconds()))
	return nil
}

// end forgets the request's session, if it has one.
func (s *sessions) end(c echo.Context) error {
	ctx, known := c.Get(contextKey).(context.Context)
	if !known {
		return nil
	}
	if err := s.manager.Destroy(ctx); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	s.setCookie(c, "", -1)
	return nil
}

// text is a value of the request's session, "" without one.
func (s *sessions) text(c echo.Context, name string) string {
	if ctx, known := c.Get(contextKey).(context.Context); known {
		return s.manager.GetString(ctx, name)
	}
	return ""
}

// put changes a value of the request's session.
func (s *sessions) put(c echo.Context, name, value string) error {
	ctx, known := c.Get(contextKey).(context.Context)
	if !known {
		return nil
	}
	s.manager.Put(ctx, name, value)
	if _, _, err := s.manager.Commit(ctx); err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	return nil
}

func (s *sessions) setCookie(c echo.Context, token string, maxAge int) {
	c.SetCookie(&http.Cookie{
		Name: s.config.SessionCookie, Value: token, Path: "/", MaxAge: maxAge, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: s.secureCookies(c.Request()),
	})
}

// scsStore is our store as the library wants it.
type scsStore struct {
	store ports.Sessions
	now   ports.Clock
}

var _ scs.CtxStore = scsStore{}

// FindCtx implements scs.CtxStore and notes the person.
func (s scsStore) FindCtx(ctx context.Context, key string) ([]byte, bool, error) {
	session, user, found, err := s.store.Find(ctx, key, s.now())
	if who, waiting := ctx.Value(bearerKey{}).(*bearer); found && waiting {
		*who = bearer{user: user, sid: session.SID, born: session.CreatedAt, dies: session.ExpiresAt}
	}
	return session.Data, found, err
}

// CommitCtx implements scs.CtxStore. The lifetime is fixed at sign-in.
func (s scsStore) CommitCtx(ctx context.Context, key string, data []byte, _ time.Time) error {
	who, known := ctx.Value(bearerKey{}).(*bearer)
	if !known {
		return fmt.Errorf("session without a person")
	}
	return s.store.Save(ctx, domain.Session{
		Key: key, UserID: who.user.ID, SID: who.sid, Data: data, CreatedAt: who.born, ExpiresAt: who.dies,
	})
}

// DeleteCtx implements scs.CtxStore.
func (s scsStore) DeleteCtx(ctx context.Context, key string) error { return s.store.Remove(ctx, key) }

// Find implements scs.Store; the library calls FindCtx instead.
func (s scsStore) Find(key string) ([]byte, bool, error) { return s.FindCtx(context.Background(), key) }

// Commit implements scs.Store; the library calls CommitCtx instead.
func (s scsStore) Commit(key string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), key, data, expiry)
}

// Delete implements scs.Store; the library calls DeleteCtx instead.
func (s scsStore) Delete(key string) error { return s.DeleteCtx(context.Background(), key) }
