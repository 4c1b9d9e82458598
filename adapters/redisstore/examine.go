package redisstore

import (
	"context"
	"errors"
	"net"
	"strings"

	"meet/domain"
)

// Examine looks at the Redis of the URL, for a lobby whose keys begin with the
// prefix; it writes nothing.
func Examine(ctx context.Context, url, prefix string) []domain.Finding {
	address, err := Parse(url)
	if err != nil {
		return []domain.Finding{{Check: connection, Status: domain.Broken, Seen: "REDIS_URL " + err.Error(), Mend: "set REDIS_URL to redis://user:password@host:port/number"}}
	}
	client, err := Open(url)
	if err != nil {
		return []domain.Finding{unanswered(err)}
	}
	defer func() { _ = client.Close() }()
	about, refused, err := address.examine(ctx, client, prefix)
	switch {
	case refused.check == connection:
		return []domain.Finding{refused.finding()}
	case about == nil && refused.reason == "":
		return []domain.Finding{unanswered(err)}
	}
	findings := []domain.Finding{{Check: connection, Status: domain.Healthy, Seen: "Redis answers"}}
	switch {
	case refused.reason != "":
		findings = append(findings, refused.finding())
	case err != nil:
		findings = append(findings, domain.Finding{Check: "redis.writable", Status: domain.Broken, Seen: "Redis takes no writes now: " + err.Error(),
			Mend: "see Redis's own log; REDIS_URL is right"})
	}
	if len(about) == 0 {
		return append(findings, domain.Finding{Check: "redis.server", Status: domain.Unexamined, Seen: "Redis does not let us ask what it is (INFO)"})
	}
	if refused.check != "redis.version" {
		findings = append(findings, domain.Finding{Check: "redis.version", Status: domain.Healthy, Seen: "Redis " + about["redis_version"]})
	}
	return append(findings, memory(about["maxmemory_policy"], about["maxmemory"]))
}

func (r refusal) finding() domain.Finding {
	return domain.Finding{Check: r.check, Status: domain.Broken, Seen: "Redis refuses us: " + r.reason, Mend: r.mend}
}

// unanswered is what is known of a Redis that is away.
func unanswered(err error) domain.Finding {
	finding := domain.Finding{Check: connection, Status: domain.Broken}
	network, silent := errors.AsType[net.Error](err)
	switch {
	case strings.Contains(err.Error(), "all sentinels"):
		finding.Seen, finding.Mend = "no Sentinel knows where the set's server is", "check hosts, ports and the set's name in REDIS_URL, and that Sentinel runs"
	case silent:
		finding.Seen, finding.Mend = "Redis does not answer: "+network.Error(), "check host and port in REDIS_URL, and that Redis runs"
	default:
		finding.Seen, finding.Mend = "Redis does not answer properly", "check REDIS_URL: rediss:// for TLS, the port, the database's number"
	}
	return finding
}

// memory warns of a Redis that throws away what people still wait for.
func memory(policy, limit string) domain.Finding {
	const check = "redis.memory"
	if policy != "" && policy != "noeviction" && limit != "" && limit != "0" {
		return domain.Finding{Check: check, Status: domain.Doubtful, Seen: "when memory is short, Redis throws things away (" + policy + ")",
			Mend: "set maxmemory-policy to noeviction in Redis, or give REDIS_URL a Redis of its own: guests would vanish from lobbies"}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: "Redis keeps what it is given"}
}
