package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"meet/domain"
)

// sessions knows who is behind a request, and ties the session library to our
// store. What a session holds is read and written only by signing in and out;
// other requests ask for the person, in one round trip.
type sessions struct {
	*Server
	manager *scs.SessionManager
}

// sessionIDToken is what a session holds besides the person; it is empty where
// id tokens are not kept.
const sessionIDToken = "id_token"

func newSessions(s *Server) *sessions {
	manager := scs.New()
	manager.Store = scsStore{store: s.Sessions, now: s.World.Now}
	manager.Lifetime = s.config.SessionAge
	manager.Codec = sessionCodec{}
	return &sessions{s, manager}
}

// recognise finds the person behind the request's cookie; a stale cookie is
// taken away.
func (s *sessions) recognise(c echo.Context) (domain.User, error) {
	token := s.token(c)
	if token == "" {
		return domain.User{}, nil
	}
	arrival, found, err := s.arrive(c, sessionKey(token))
	if err != nil {
		return domain.User{}, fmt.Errorf("read session: %w", err)
	}
	if !found {
		s.setCookie(c, "", -1)
		return domain.User{}, nil
	}
	c.Set(arrivalKey, arrival)
	return arrival.User, nil
}

// arrive asks who holds the session, together with the room where the address
// names one.
func (s *sessions) arrive(c echo.Context, session string) (arrival domain.Arrival, found bool, err error) {
	ctx, now := c.Request().Context(), s.World.Now()
	if key := c.Param("key"); key != "" {
		return s.Arrivals.Arrive(ctx, session, now, domain.ParseRoomKey(key))
	}
	arrival.User, found, err = s.Sessions.Who(ctx, session, now)
	return arrival, found, err
}

// token is what the cookie holds; a cookie that is empty counts as stale.
func (s *sessions) token(c echo.Context) string {
	cookies := c.Request().CookiesNamed(s.config.SessionCookie)
	if len(cookies) == 0 {
		return ""
	}
	if cookies[0].Value == "" {
		s.setCookie(c, "", -1)
	}
	return cookies[0].Value
}

// holder is whose session the library reads or writes.
type holder struct {
	user       uuid.UUID
	sid        string
	born, dies time.Time
}

type holderKey struct{}

// open reads the session of the token, or makes a new one for "".
func (s *sessions) open(c echo.Context, token string, whose *holder) (context.Context, error) {
	ctx, err := s.manager.Load(context.WithValue(c.Request().Context(), holderKey{}, whose), token)
	if err != nil {
		return nil, fmt.Errorf("open session: %w", err)
	}
	return ctx, nil
}

// begin signs the person in: the browser gets a new session, whatever it had
// before is over.
func (s *sessions) begin(c echo.Context, user domain.User, identity domain.Identity) error {
	if err := s.end(c); err != nil {
		return err
	}
	now := s.World.Now()
	ctx, err := s.open(c, "", &holder{user: user.ID, sid: identity.SID, born: now, dies: now.Add(s.config.SessionAge)})
	if err != nil {
		return err
	}
	if !s.config.StoreIDToken {
		identity.IDToken = ""
	}
	s.manager.Put(ctx, sessionIDToken, identity.IDToken)
	token, _, err := s.manager.Commit(ctx)
	if err != nil {
		return fmt.Errorf("begin session: %w", err)
	}
	s.setCookie(c, token, int(s.config.SessionAge.Seconds()))
	return nil
}

// end forgets the request's session, if it has one.
func (s *sessions) end(c echo.Context) error {
	token := s.token(c)
	if token == "" {
		return nil
	}
	if err := s.Sessions.Remove(c.Request().Context(), sessionKey(token)); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	s.setCookie(c, "", -1)
	return nil
}

// idToken is the id token of the user's session, "" when it holds none.
func (s *sessions) idToken(c echo.Context, user domain.User) (string, error) {
	if !user.SignedIn() {
		return "", nil
	}
	ctx, err := s.open(c, s.token(c), &holder{})
	if err != nil {
		return "", err
	}
	return s.manager.GetString(ctx, sessionIDToken), nil
}

func (s *sessions) setCookie(c echo.Context, token string, maxAge int) {
	c.SetCookie(&http.Cookie{
		Name: s.config.SessionCookie, Value: token, Path: "/", MaxAge: maxAge, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: s.secureCookies(c.Request()),
	})
}
