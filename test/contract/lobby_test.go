package contract_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/adapters/memstore"
	"meet/adapters/redisstore"
	"meet/test/contract"
	"meet/test/redis"
)

func TestLobbyInMemory(t *testing.T) {
	t.Parallel()
	contract.RunLobby(t, func(*testing.T) contract.Lobby { return memstore.NewLobby(time.Now) })
}

func TestLobbyInRedis(t *testing.T) {
	server := redis.Start(t)
	t.Run("", func(t *testing.T) {
		contract.RunLobby(t, func(t *testing.T) contract.Lobby {
			client, err := redisstore.Open(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = client.Close() })
			return redisstore.NewLobby(client, "test-"+uuid.NewString())
		})
	})
}
