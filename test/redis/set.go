package redis

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// StartCluster runs a cluster of three servers and returns REDIS_URL for it.
func StartCluster(t testing.TB) (url string, nodes []*Server) {
	t.Helper()
	needsSeven(t)
	for range 3 {
		nodes = append(nodes, StartWith(t, "--cluster-enabled", "yes", "--cluster-port", port(free(t)), "--cluster-node-timeout", "2000"))
	}
	const slots = 16384
	for i, node := range nodes {
		client := redis.NewClient(&redis.Options{Addr: node.Address})
		defer func() { _ = client.Close() }()
		if err := client.ClusterAddSlotsRange(t.Context(), i*slots/3, (i+1)*slots/3-1).Err(); err != nil {
			t.Fatal(err)
		}
		host, number, _ := net.SplitHostPort(nodes[0].Address)
		if i > 0 {
			if err := client.Do(t.Context(), "CLUSTER", "MEET", host, number, port(nodes[0].bus())).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, node := range nodes {
		client := redis.NewClient(&redis.Options{Addr: node.Address})
		defer func() { _ = client.Close() }()
		until(t, "the cluster is whole", func() bool {
			info := client.ClusterInfo(t.Context()).Val()
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3")
		})
	}
	return "redis+cluster://" + nodes[0].Address + "," + nodes[1].Address, nodes
}

// bus is where the nodes of a cluster talk to each other.
func (s *Server) bus() string {
	for i, argument := range s.arguments {
		if argument == "--cluster-port" {
			return "127.0.0.1:" + s.arguments[i+1]
		}
	}
	return s.Address
}

// Set is a server with a replica, watched by three Sentinels.
type Set struct {
	URL              string // REDIS_URL
	Primary, Replica *Server
	sentinels        []*Server
}

// SetName is the name that Sentinel knows the set by.
const SetName = "meet"

// DownAfter is how long Sentinel waits for the primary before it takes it for
// dead.
const DownAfter = time.Second

// StartSet runs a set until the test ends.
func StartSet(t testing.TB) *Set {
	t.Helper()
	set := &Set{Primary: Start(t)}
	host, number, _ := net.SplitHostPort(set.Primary.Address)
	set.Replica = StartWith(t, "--replicaof", host+" "+number)
	replica := redis.NewClient(&redis.Options{Addr: set.Replica.Address})
	defer func() { _ = replica.Close() }()
	until(t, "the replica follows", func() bool {
		return strings.Contains(replica.Info(t.Context(), "replication").Val(), "master_link_status:up")
	})
	var hosts []string
	for range 3 {
		path := filepath.Join(t.TempDir(), "sentinel.conf") // Sentinel writes to it
		text := fmt.Sprintf("sentinel monitor %s %s %s 2\nsentinel down-after-milliseconds %s %d\nsentinel failover-timeout %s 3000\n",
			SetName, host, number, SetName, DownAfter.Milliseconds(), SetName)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		sentinel := StartWith(t, path, "--sentinel")
		set.sentinels = append(set.sentinels, sentinel)
		hosts = append(hosts, sentinel.Address)
	}
	for _, sentinel := range set.sentinels {
		client := redis.NewSentinelClient(&redis.Options{Addr: sentinel.Address})
		defer func() { _ = client.Close() }()
		until(t, "Sentinels know each other", func() bool {
			sentinels, replicas := client.Sentinels(t.Context(), SetName).Val(), client.Replicas(t.Context(), SetName).Val()
			return len(sentinels) == 2 && len(replicas) == 1 && client.CkQuorum(t.Context(), SetName).Err() == nil
		})
	}
	set.URL = "redis+sentinel://" + strings.Join(hosts, ",") + "/" + SetName + "/1"
	return set
}

func port(address string) string {
	_, number, _ := net.SplitHostPort(address)
	return number
}

const patience = 30 * time.Second

func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for !is() {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			t.Fatalf("never: %s", what)
		}
	}
}
