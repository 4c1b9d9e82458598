package contract_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	client "github.com/redis/go-redis/v9"

	"meet/adapters/redisstore"
	"meet/domain"
	"meet/test/redis"
)

// declared remembers which keys scripts declare.
type declared struct {
	mu   sync.Mutex
	keys map[string]bool
}

// DialHook implements redis.Hook.
func (d *declared) DialHook(next client.DialHook) client.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

// ProcessPipelineHook implements redis.Hook.
func (d *declared) ProcessPipelineHook(next client.ProcessPipelineHook) client.ProcessPipelineHook {
	return next
}

// ProcessHook implements redis.Hook.
func (d *declared) ProcessHook(next client.ProcessHook) client.ProcessHook {
	return func(ctx context.Context, cmd client.Cmder) error {
		if args := cmd.Args(); strings.HasPrefix(cmd.Name(), "eval") {
			many, _ := args[2].(int)
			d.mu.Lock()
			for _, key := range args[3 : 3+many] {
				d.keys[key.(string)] = true
			}
			d.mu.Unlock()
		}
		return next(ctx, cmd)
	}
}

// TestAScriptDeclaresTheKeysThatItMakes knocks from several networks: Redis
// wants each key that a script touches among its KEYS.
func TestAScriptDeclaresTheKeysThatItMakes(t *testing.T) {
	server := redis.Start(t)
	opened, err := redisstore.Open(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	seen := &declared{keys: map[string]bool{}}
	opened.AddHook(seen)
	room, ctx := uuid.New(), t.Context()
	lobby := redisstore.NewLobby(opened, "test-"+uuid.NewString())
	for _, address := range []string{"203.0.113.9", "2001:db8:1:203::1", "10.0.0.1"} {
		entry := domain.LobbyEntry{ID: uuid.NewString(), Username: "Ann", Status: domain.Waiting, Identity: uuid.NewString()}
		if _, fresh, err := lobby.Add(ctx, room, entry, domain.Networks(address), time.Minute); err != nil || !fresh {
			t.Fatalf("%s: %v, %v", address, fresh, err)
		}
	}
	made := 0
	for keys := opened.Scan(ctx, 0, "*", 1000).Iterator(); keys.Next(ctx); made++ {
		if !seen.keys[keys.Val()] {
			t.Errorf("%s was not declared", keys.Val())
		}
	}
	if made != 2+3+2+3 { // the two sets, an entry each, and the networks that have shares
		t.Errorf("%d keys", made)
	}
}
