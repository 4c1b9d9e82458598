package demoidp

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// Config says where the provider listens and who its client is.
type Config struct {
	Addr     string // loopback only
	ClientID string
	Secret   string
	Origins  []string // scheme://host:port under which the client runs
	Key      *rsa.PrivateKey
}

// Server is the provider.
type Server struct {
	listener net.Listener
	http     *http.Server
}

// ErrNotLoopback refuses to let strangers sign in without a password.
var ErrNotLoopback = errors.New("the demo identity provider knows no passwords and listens on loopback only")

// New listens; Serve has to be called.
func New(config Config) (*Server, error) {
	address, err := net.ResolveTCPAddr("tcp", config.Addr)
	if err != nil {
		return nil, fmt.Errorf("demo identity provider: %w", err)
	}
	if ip, ok := netip.AddrFromSlice(address.IP); !ok || !ip.Unmap().IsLoopback() {
		return nil, fmt.Errorf("%w: %s", ErrNotLoopback, config.Addr)
	}
	listener, err := net.ListenTCP("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("demo identity provider: %w", err)
	}
	handler, err := newHandler("http://"+listener.Addr().String(), config)
	if err != nil {
		_ = listener.Close()
		return nil, err
	}
	return &Server{listener, &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}}, nil
}

// Issuer is the provider's name and address.
func (s *Server) Issuer() string { return "http://" + s.listener.Addr().String() }

// Serve answers until Stop.
func (s *Server) Serve() error {
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Stop lets requests end, until ctx does.
func (s *Server) Stop(ctx context.Context) error { return s.http.Shutdown(ctx) }

func newHandler(issuer string, config Config) (http.Handler, error) {
	store := &storage{
		client: &client{config.ClientID, config.Origins}, secret: config.Secret, key: signingKey{config.Key},
		requests: map[string]*request{}, codes: map[string]string{}, tokens: map[string]string{},
	}
	settings := &op.Config{CodeMethodS256: true, AuthMethodPost: true, DefaultLogoutRedirectURI: "/"}
	if _, err := rand.Read(settings.CryptoKey[:]); err != nil {
		return nil, fmt.Errorf("demo identity provider: %w", err)
	}
	provider, err := op.NewProvider(settings, store, op.StaticIssuer(issuer), op.WithAllowInsecure())
	if err != nil {
		return nil, fmt.Errorf("demo identity provider: %w", err)
	}
	mux := http.NewServeMux()
	login := &login{store, op.AuthCallbackURL(provider)}
	mux.HandleFunc("GET /login", login.show)
	mux.Handle("POST /login", op.NewIssuerInterceptor(provider.IssuerFromRequest).HandlerFunc(login.choose))
	mux.Handle("/", provider)
	return unstored(mux), nil
}

// unstored keeps tokens, codes and what is told about people out of caches
// (OpenID Connect Core 1.0, section 3.1.3.3).
func unstored(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Pragma", "no-cache")
		next.ServeHTTP(w, r)
	})
}

type login struct {
	store    *storage
	callback func(context.Context, string) string
}

var loginPage = template.Must(template.New("login").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Demo sign-in</title><style>body{font:1.1rem system-ui;max-width:26rem;margin:4rem auto;padding:0 1rem}
button{display:block;width:100%;margin:.6rem 0;padding:.8rem;font:inherit;text-align:left}</style></head>
<body><main><h1>Demo sign-in</h1><p>These people are made up and have no passwords. Who are you?</p>
<form method="post" action="/login"><input type="hidden" name="id" value="{{.ID}}">
{{range .People}}<button name="subject" value="{{.Subject}}">{{.Name}} ({{.Email}})</button>{{end}}
</form></main></body></html>`))

func (l *login) show(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("X-Frame-Options", "DENY")
	_ = loginPage.Execute(w, struct {
		ID     string
		People []Person
	}{r.URL.Query().Get("id"), People})
}

func (l *login) choose(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4096)
	id := r.PostFormValue("id")
	if err := l.store.choose(id, r.PostFormValue("subject")); err != nil {
		http.Error(w, "This sign-in has expired, please start again.", http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, l.callback(r.Context(), id), http.StatusFound)
}
