package e2e

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"go.uber.org/fx"

	"meet/bootstrap"
)

// free is a loopback address nobody listens on.
func free(t testing.TB, network string) string {
	t.Helper()
	if network == "udp" {
		conn, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.LocalAddr().String()
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// startApp runs the application with the environment; it returns host:port
// and what stops it before the test ends.
func startApp(t testing.TB, env map[string]string, options ...fx.Option) (address string, stop func()) {
	t.Helper()
	config, problems := bootstrap.Load(env)
	for _, problem := range problems {
		t.Error(problem)
	}
	if t.Failed() {
		t.FailNow()
	}
	var bound *bootstrap.Listener
	app := fx.New(bootstrap.Application(config, options...), fx.Populate(&bound))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := app.Start(ctx); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := app.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return bound.Address(), stop
}
