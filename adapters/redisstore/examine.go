package redisstore

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"meet/domain"
)

const minVersion = 6 // the oldest release that the client library is made for

// Examine looks at the Redis of the URL; it writes nothing.
func Examine(ctx context.Context, url string) []domain.Finding {
	const check = "redis.connection"
	client, err := Open(url)
	if err != nil {
		return []domain.Finding{{Check: check, Status: domain.Broken, Seen: "REDIS_URL " + err.Error(), Mend: "set REDIS_URL to redis://user:password@host:port/number"}}
	}
	defer func() { _ = client.Close() }()
	if err := client.Ping(ctx).Err(); err != nil {
		finding := unanswered(err)
		if strings.HasPrefix(strings.ToLower(url), "rediss") {
			finding.Mend += "; write redis:// instead of rediss:// when it speaks no TLS there"
		}
		return []domain.Finding{finding}
	}
	findings := []domain.Finding{{Check: check, Status: domain.Healthy, Seen: "Redis answers"}}
	text, err := client.Info(ctx).Result()
	if err != nil {
		return append(findings, domain.Finding{Check: "redis.server", Status: domain.Unexamined, Seen: "Redis does not let us ask what it is (INFO)"})
	}
	about := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		about[name] = value
	}
	if about["role"] == "slave" {
		findings = append(findings, domain.Finding{Check: "redis.role", Status: domain.Broken, Seen: "this Redis is a replica and takes no writes",
			Mend: "name the primary in REDIS_URL, or the Sentinels that know it: redis+sentinel://host:26379/name"})
	}
	return append(findings, release(about["redis_version"]), memory(about["maxmemory_policy"], about["maxmemory"]))
}

func unanswered(err error) domain.Finding {
	finding := domain.Finding{Check: "redis.connection", Status: domain.Broken}
	network, away := errors.AsType[net.Error](err)
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, plain := errors.AsType[tls.RecordHeaderError](err)
	reason, refused := refusal(err)
	switch {
	case refused && strings.Contains(reason, "database"):
		finding.Seen, finding.Mend = "Redis refuses us: "+reason, "set the number at the end of REDIS_URL to one that Redis has"
	case refused && strings.Contains(reason, "password"):
		finding.Seen, finding.Mend = "Redis refuses our credentials: "+reason, "set user and password in REDIS_URL"
	case refused:
		finding.Seen, finding.Mend = "Redis refuses us: "+reason, "correct scheme, hosts and name in REDIS_URL (redis+sentinel://, redis+cluster://)"
	case certificate:
		finding.Seen, finding.Mend = "Redis's certificate is not trusted", "give Redis a certificate for the host in REDIS_URL, or name its authority there with ssl_ca_certs"
	case plain:
		finding.Seen, finding.Mend = "Redis speaks no TLS on that port", "write redis:// instead of rediss:// in REDIS_URL, or the port with TLS"
	case strings.Contains(err.Error(), "all sentinels"):
		finding.Seen, finding.Mend = "no Sentinel knows where the set's server is", "check hosts, ports and the set's name in REDIS_URL, and that Sentinel runs"
	case away:
		finding.Seen, finding.Mend = "Redis does not answer: "+network.Error(), "check host and port in REDIS_URL, and that Redis runs"
	default:
		finding.Seen, finding.Mend = "Redis does not answer properly", "check REDIS_URL: rediss:// for TLS, the port, the database's number"
	}
	return finding
}

func release(version string) domain.Finding {
	const check = "redis.version"
	major, _, _ := strings.Cut(version, ".")
	if number, err := strconv.Atoi(major); err == nil && number < minVersion {
		return domain.Finding{Check: check, Status: domain.Doubtful, Seen: "Redis " + version, Mend: fmt.Sprintf("use Redis %d or newer", minVersion)}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: "Redis " + version}
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
