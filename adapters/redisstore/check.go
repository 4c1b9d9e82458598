package redisstore

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrRefused says that Redis will never serve us as configured.
var ErrRefused = errors.New("Redis refuses what REDIS_URL says") //nolint:staticcheck // a name

const startPatience = 3 * time.Second

// Check asks the Redis of the URL whether it serves a lobby whose keys begin
// with the prefix. It fails with ErrRefused when waiting will not help, as with
// wrong credentials or a server of another kind, and with another error when
// Redis is away.
func Check(ctx context.Context, url, prefix string) error {
	address, err := Parse(url)
	if err != nil {
		return err
	}
	client, err := Open(url)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	_, refused, err := address.examine(ctx, client, prefix)
	if refused.reason != "" {
		return fmt.Errorf("%w: %s", ErrRefused, refused.reason)
	}
	return away(err)
}

// examine asks the server what it says about itself (INFO), and tells why it
// does not serve us when waiting will not help; the error is of a Redis that
// is away.
func (a Address) examine(ctx context.Context, client redis.UniversalClient, prefix string) (about map[string]string, refused refusal, err error) {
	patient, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	if err := client.Ping(patient).Err(); err != nil {
		if refused = a.refusal(err); refused.reason == "" {
			refused = a.probe(ctx)
		}
		return nil, refused, err
	}
	about = map[string]string{}
	text, err := client.Info(patient).Result()
	if _, replied := errors.AsType[redis.Error](err); err != nil && !replied { // some forbid the question, or do not know it
		return nil, a.refusal(err), err
	}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		about[name] = value
	}
	if refused = a.misfit(patient, client, about); refused.reason != "" {
		return about, refused, nil
	}
	channel := NewLobby(client, prefix).channel()
	if err := rights.Run(patient, client, []string{prefix + ":{examination}:entry:"}, channel).Err(); err != nil {
		return about, a.refusal(err), err
	}
	return about, refusal{}, nil
}

var (
	//go:embed lobby/rights.lua
	rightsText string

	rights = redis.NewScript(rightsText)
)

// misfit tells that the server is of a kind that does not serve us, by what it
// says about itself.
func (a Address) misfit(ctx context.Context, client redis.UniversalClient, about map[string]string) refusal {
	single := !a.options.IsClusterMode && a.options.MasterName == ""
	switch {
	case about["redis_mode"] == "sentinel":
		return isSentinel
	case single && about["role"] == "slave":
		return refusal{"redis.role", "it is a replica and takes no writes", "name the primary in REDIS_URL, or the Sentinels that know it: redis+sentinel://host:26379/name"}
	case single && about["cluster_enabled"] == "1" && !whole(ctx, client):
		return isCluster
	case outdated(about["redis_version"]):
		return refusal{"redis.version", "it is of release " + about["redis_version"] + ", and 6.2 or newer is needed", "install Redis 6.2 or newer, or name another one in REDIS_URL"}
	}
	return refusal{}
}

// whole reports whether a node is a cluster by itself, which a client of one
// server can use.
func whole(ctx context.Context, client redis.UniversalClient) bool {
	info := client.ClusterInfo(ctx).Val()
	return strings.Contains(info, "cluster_size:1\r\n") && strings.Contains(info, "cluster_slots_ok:16384\r\n")
}

// outdated reports whether the release lacks commands that the lobby uses. One
// that cannot be read is taken for new: servers that speak Redis's protocol
// count differently.
func outdated(version string) bool {
	var major, minor int
	if n, _ := fmt.Sscanf(version, "%d.%d", &major, &minor); n < 2 {
		return false
	}
	return major < 6 || major == 6 && minor < 2 // ZRANDMEMBER is of 6.2
}
