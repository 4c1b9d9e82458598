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
	t.Run("", func(t *testing.T) { lobbyAt(t, server.URL) })
}

func TestLobbyInARedisCluster(t *testing.T) {
	url, _ := redis.StartCluster(t)
	t.Run("", func(t *testing.T) { lobbyAt(t, url) })
}

func TestLobbyInASetThatSentinelWatches(t *testing.T) {
	set := redis.StartSet(t)
	t.Run("", func(t *testing.T) { lobbyAt(t, set.URL) })
}

func lobbyAt(t *testing.T, url string) {
	contract.RunLobby(t, func(t *testing.T) contract.Lobby {
		client, err := redisstore.Open(url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() })
		return redisstore.NewLobby(client, "test-"+uuid.NewString())
	})
}
