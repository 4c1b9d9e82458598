package doctor

import (
	"net"
	"testing"
	"time"

	"meet/adapters/sqlstore"
	"meet/domain"
)

// TestASilentDatabaseHoldsNobody examines one that takes connections and
// never answers.
func TestASilentDatabaseHoldsNobody(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	begun := time.Now()
	config := sqlstore.Config{PostgresURL: "postgres://u:p@" + listener.Addr().String() + "/n?sslmode=disable", Patience: time.Second}
	findings := sqlstore.Examine(t.Context(), config, true)
	if len(findings) != 1 || findings[0].Status != domain.Broken || time.Since(begun) > 20*time.Second {
		t.Errorf("after %v: %+v", time.Since(begun), findings)
	}
}
