package fault

import (
	"strings"
	"testing"

	"meet/test/postgres"
	"meet/test/process"
	"meet/test/redis"
)

// TestAStartTellsThatRedisRefuses, where waiting will not help.
func TestAStartTellsThatRedisRefuses(t *testing.T) {
	closed := redis.StartWith(t, "--requirepass", "hidden-redis")
	open := redis.Start(t)
	set := redis.StartSet(t)
	sentinel, _, _ := strings.Cut(strings.TrimPrefix(set.URL, "redis+sentinel://"), ",")
	_, nodes := redis.StartCluster(t)
	database := postgres.URL(t)
	for url, word := range map[string]string{
		strings.Replace(closed.URL, "redis://", "redis://:hidden-other@", 1):       "the user or password is wrong",
		strings.Replace(closed.URL, "redis://", "redis://nobody:hidden-other@", 1): "the user or password is wrong",
		closed.URL: "a password is needed",
		strings.TrimSuffix(open.URL, "/1") + "/99":                      "no database of that number",
		"redis+cluster://" + open.Address:                               "it is no cluster",
		strings.Replace(set.URL, "/"+redis.SetName+"/", "/another/", 1): "Sentinel knows no set",
		"redis://" + nodes[0].Address:                                   "a node of a cluster",
		"redis://" + sentinel:                                           "it is Sentinel",
		set.Replica.URL:                                                 "a replica",
		open.Older(t, "6.0"):                                            "6.2 or newer is needed",
		"rediss://" + open.Address:                                      "it speaks no TLS",
	} {
		env := process.Environment(t, database)
		env["LISTEN_ADDR"], env["REDIS_URL"] = process.Free(t), url
		server := process.New(t, env)
		server.Launch()
		until(t, url+" is refused", func() bool { return strings.Contains(server.Log(), "Error: ") && strings.HasSuffix(server.Log(), "\n") })
		if err := server.Wait(); err == nil {
			t.Errorf("%s: it ended well", url)
		}
		_, told, _ := strings.Cut(server.Log(), "Error: ")
		if !strings.HasPrefix(told, "REDIS_URL: ") || !strings.Contains(told, word) || strings.Contains(server.Log(), "hidden-") || strings.Count(told, "\n") != 1 {
			t.Errorf("%s: got %s", url, server.Log())
		}
	}
	env := process.Environment(t, database) // one that is away may come back
	env["LISTEN_ADDR"], env["REDIS_URL"] = process.Free(t), "redis://:hidden-password@"+process.Free(t)+"/1"
	server := process.New(t, env)
	server.Start()
	until(t, "the log tells", func() bool { return strings.Contains(server.Log(), "Redis does not answer yet") })
	if strings.Contains(server.Log(), "hidden-") {
		t.Error(server.Log())
	}
}
