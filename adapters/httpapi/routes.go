package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// API is the prefix of La Suite Meet's API.
const API = "/api/v1.0"

// endpoints lists every address below API, and who may call it.
func (s *Server) endpoints() []endpoint {
	u, r, a, o, l, m := users{s}, rooms{s}, accesses{s}, oidc{s}, lobbies{s}, meetings{s}
	list := []endpoint{
		{path: "/", who: anyone, methods: methods{get: s.root}},
		{path: "/config/", who: anyone, methods: methods{get: s.clientConfig}, noHead: true, noSuffix: true},

		{path: "/users/", who: signedIn, methods: methods{get: u.list}},
		{path: "/users/me/", who: signedIn, methods: methods{get: u.me}},
		{path: "/users/:id/", who: signedIn, methods: methods{replace: u.update, patch: u.update}},

		{path: "/rooms/", who: readersAnyone, methods: methods{get: r.list, post: r.create}},
		{path: "/rooms/creation-callback/", who: visitors, methods: methods{post: r.created}, throttle: []*throttle{throttleCreationCallback}},
		{path: "/rooms/:key/", who: readersAnyone, methods: methods{get: r.get, replace: r.update, patch: r.update, del: r.remove}},

		{path: "/rooms/:key/request-entry/", who: visitors, methods: methods{post: l.knock}, limit: knockBody, throttle: []*throttle{throttleRequestEntry, throttleCrowd}},
		{path: "/rooms/:key/enter/", who: signedIn, methods: methods{post: l.decide}},
		{path: "/rooms/:key/waiting-participants/", who: signedIn, methods: methods{get: l.waiting}},
		{path: "/rooms/:key/mute-participant/", who: passOrSignedIn, methods: methods{post: m.mute}},
		{path: "/rooms/:key/mute-all/", who: signedIn, methods: methods{post: m.muteAll}},
		{path: "/rooms/:key/update-participant/", who: signedIn, methods: methods{post: m.change}, limit: liveBody},
		{path: "/rooms/:key/update-participant-role/", who: signedIn, methods: methods{post: m.promote}},
		{path: "/rooms/:key/remove-participant/", who: signedIn, methods: methods{post: m.remove}},
		{path: "/rooms/:key/removed-participants/", who: signedIn, methods: methods{get: m.removed}},
		{path: "/rooms/:key/readmit-participant/", who: signedIn, methods: methods{post: m.readmit}},
		{path: "/rooms/:key/end/", who: signedIn, methods: methods{post: m.end}},
		{path: "/rooms/:key/toggle-hand/", who: passHolders, methods: methods{post: m.hand}},
		{path: "/rooms/:key/rename/", who: passHolders, methods: methods{post: m.rename}},
		{path: "/rooms/:key/start-subtitle/", who: passHolders, methods: methods{post: s.ifOn(s.config.SubtitleAgent != "", m.subtitles)}, throttle: []*throttle{throttleSubtitles}, later: true},
		{path: "/rooms/:key/invite/", who: signedIn, methods: methods{post: s.invite}, limit: listBody},
		{path: "/rooms/webhooks-livekit/", who: mediaServer, methods: methods{post: s.webhook}, limit: webhookBody},
		{path: "/roomkit/join/", who: devices, methods: methods{post: s.ifOn(s.config.RoomkitPinLength > 0, s.joinDevice)}, throttle: []*throttle{throttleRoomkitJoin}},
		{path: "/diagnostics/connection/", who: visitors, methods: methods{post: s.ifOn(s.config.ConnectionTest, s.testConnection)}, throttle: []*throttle{throttleConnectionTest}},

		{path: "/resource-accesses/", who: signedIn, methods: methods{get: a.list, post: a.grant}},
		{path: "/resource-accesses/:id/", who: signedIn, methods: methods{get: a.get, replace: a.change, patch: a.change, del: a.revoke}},

		{path: "/authenticate/", who: browserNavigate, methods: methods{get: o.authenticate}, noSuffix: true},
		{path: "/callback/", who: browserNavigate, methods: methods{get: o.callback}, noSuffix: true},
		{path: "/logout/", who: browserNavigate, methods: o.logoutMethods(), noSuffix: true},
		{path: "/logout-callback/", who: browserNavigate, methods: methods{get: o.readable(o.logoutCallback)}, noSuffix: true},
		{path: "/backchannel-logout/", who: provider, methods: methods{post: o.backchannel}, noSuffix: true},
	}
	if s.config.Documentation {
		list = append(list, s.documentation()...)
	}
	return list
}

const (
	get     = http.MethodGet
	post    = http.MethodPost
	replace = http.MethodPut
	patch   = http.MethodPatch
	del     = http.MethodDelete
)

// route registers every address.
func (s *Server) route() {
	s.suffixed = map[string]bool{}
	for _, e := range s.endpoints() {
		s.suffixed[e.path] = !e.noSuffix
		s.echo.Match(methodOrder, API+e.path, s.serve(e))
	}
	for _, path := range []string{"/__heartbeat__", "/__heartbeat__/"} {
		s.echo.Any(path, s.heartbeat)
	}
	for _, path := range []string{"/__lbheartbeat__", "/__lbheartbeat__/"} {
		s.echo.Any(path, s.alive)
	}
	for _, path := range []string{"/__version__", "/__version__/"} {
		s.echo.Any(path, s.version)
	}
	s.echo.Match(methodOrder, "/jwks", s.serve(endpoint{path: "/jwks", who: anyone, methods: methods{get: s.jwks}}))
	s.echo.RouteNotFound("/*", s.elsewhere)
}

// elsewhere is everything without a route: an API address that lacks its
// final slash, a page of the web client, or nothing.
func (s *Server) elsewhere(c echo.Context) error {
	request := c.Request()
	path := request.URL.Path
	if !slices.Contains(methodOrder, request.Method) && s.serves(c, path) { // the endpoint refuses the method
		s.echo.Router().Find(http.MethodOptions, path, c)
		return c.Handler()(c)
	}
	if !strings.HasSuffix(path, "/") && !strings.Contains(path[strings.LastIndexByte(path, '/')+1:], ".") && s.serves(c, path+"/") {
		target := request.URL.EscapedPath() + "/"
		if request.URL.RawQuery != "" {
			target += "?" + request.URL.RawQuery
		}
		c.Response().Header().Set(echo.HeaderLocation, target)
		return c.HTMLBlob(http.StatusMovedPermanently, nil)
	}
	for _, reserved := range []string{"/api/", "/external-api/", "/admin/", "/static/", "/media/", "/__"} {
		if strings.HasPrefix(path, reserved) {
			return errNoRoute
		}
	}
	return s.frontend.serve(c)
}

// serves reports whether path is the address of an endpoint.
func (s *Server) serves(c echo.Context, path string) bool {
	return s.find(c, path) != ""
}

// find is the route of the endpoint at path, "" when there is none.
func (s *Server) find(c echo.Context, path string) string {
	probe := s.echo.AcquireContext()
	defer s.echo.ReleaseContext(probe)
	probe.Reset(c.Request(), c.Response())
	s.echo.Router().Find(http.MethodGet, path, probe)
	if route, below := strings.CutPrefix(probe.Path(), API); below && strings.HasSuffix(route, "/") {
		return route
	}
	return ""
}

// formatSuffix makes "/rooms/x.json" another address of "/rooms/x/".
func (s *Server) formatSuffix(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		url := c.Request().URL
		base, suffixed := strings.CutSuffix(url.Path, ".json")
		if !suffixed || !strings.HasPrefix(base, API+"/") {
			return next(c)
		}
		base = strings.TrimSuffix(base, "/") + "/"
		if s.suffixed[s.find(c, base)] {
			url.Path, url.RawPath = base, ""
		}
		return next(c)
	}
}
