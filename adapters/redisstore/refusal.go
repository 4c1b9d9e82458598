package redisstore

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"

	"github.com/redis/go-redis/v9"
)

// refusal is why Redis will not serve us as configured, and what to do about
// it. The zero refusal is none.
type refusal struct{ check, reason, mend string }

const connection = "redis.connection"

var (
	isSentinel = refusal{connection, "it is Sentinel, which keeps nothing itself", "write redis+sentinel://host:26379/name in REDIS_URL"}
	isCluster  = refusal{connection, "it is a node of a cluster", "write redis+cluster://host:port,host:port in REDIS_URL"}
	noCluster  = refusal{connection, "it is no cluster", "write redis:// instead of redis+cluster:// in REDIS_URL, or name nodes of a cluster"}
	noSentinel = refusal{connection, "no Sentinel answers there", "name Sentinels in redis+sentinel://host:26379/name, or write redis:// for a server in REDIS_URL"}
	noSet      = refusal{connection, "Sentinel knows no set of that name", "correct hosts and name in REDIS_URL: redis+sentinel://host:26379/name"}
	badLogin   = refusal{connection, "the user or password is wrong", "set user and password in REDIS_URL"}
	noLogin    = refusal{connection, "a password is needed", "set user and password in REDIS_URL"}
	uncalled   = refusal{connection, "it has no password, and one is given", "set user and password in REDIS_URL, or none"}
	noDatabase = refusal{connection, "there is no database of that number", "set the number at the end of REDIS_URL to one that Redis has"}
	noRights   = refusal{"redis.rights", "the user may not run what the lobby needs",
		"let the user of REDIS_URL use all commands, keys and channels: ACL SETUSER name ~* &* +@all -@admin +info"}
	untrusted = refusal{connection, "its certificate is not trusted", "name the authority of Redis's certificate in REDIS_URL with ssl_ca_certs"}
	misnamed  = refusal{connection, "its certificate is for another host", "give Redis a certificate for the host in REDIS_URL, or write the host that it is for"}
	anonymous = refusal{connection, "it wants a certificate of ours", "name a certificate and its key in REDIS_URL with ssl_certfile and ssl_keyfile"}
	noCipher  = refusal{connection, "no way of encryption suits both", "let Redis speak TLS 1.2 or 1.3 with the usual ciphers at the port in REDIS_URL"}
)

// refusal tells whether the failure will stay, however long we wait.
func (a Address) refusal(err error) refusal {
	holds := func(words ...string) bool {
		for _, word := range words {
			if strings.Contains(err.Error(), word) {
				return true
			}
		}
		return false
	}
	switch {
	case holds("WRONGPASS", "invalid username-password", "invalid password"):
		return badLogin
	case holds("NOAUTH"):
		return noLogin
	case holds("without any password configured", "no password is set"):
		return uncalled
	case forbidden(err):
		return noRights
	case holds("DB index"):
		return noDatabase
	case holds("SELECT is not allowed", "MOVED "):
		return isCluster
	case holds("cluster support disabled"):
		return noCluster
	case holds("all sentinels") && holds(redis.Nil.Error()):
		return noSet
	case holds("all sentinels") && holds("unknown command"):
		return noSentinel
	case holds("unknown command 'select'", "unknown command `select`", "unknown command 'cluster'", "unknown command `cluster`"):
		return isSentinel
	}
	return a.encryption(err)
}

// forbidden reports whether Redis's access control lists are in the way.
func forbidden(err error) bool {
	return strings.Contains(err.Error(), "NOPERM") || strings.Contains(err.Error(), "ACL failure")
}

// encryption tells whether TLS will never come about.
func (a Address) encryption(err error) refusal {
	_, misnames := errors.AsType[x509.HostnameError](err)
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, invalid := errors.AsType[x509.CertificateInvalidError](err)
	_, unverified := errors.AsType[*tls.CertificateVerificationError](err)
	_, plain := errors.AsType[tls.RecordHeaderError](err)
	alert := strings.Contains(err.Error(), "remote error: tls:")
	switch {
	case misnames:
		return misnamed
	case unknown, invalid, unverified:
		return untrusted
	case plain:
		return a.plain()
	case alert && strings.Contains(err.Error(), "certificate"):
		return anonymous
	case alert, strings.Contains(err.Error(), "unsupported versions"):
		return noCipher
	}
	return refusal{}
}

func (a Address) plain() refusal {
	return refusal{connection, "it speaks no TLS on that port", "write " + a.scheme(false) + " instead of " + a.scheme(true) + " in REDIS_URL, or the port with TLS"}
}

func (a Address) encrypted() refusal {
	return refusal{connection, "it speaks TLS on that port", "write " + a.scheme(true) + " instead of " + a.scheme(false) + " in REDIS_URL, or the port without TLS"}
}

// scheme is how a URL of this kind begins, with and without TLS.
func (a Address) scheme(encrypted bool) string {
	scheme := "redis"
	if encrypted {
		scheme = "rediss"
	}
	switch {
	case a.options.IsClusterMode:
		scheme += "+cluster"
	case a.options.MasterName != "":
		scheme += "+sentinel"
	}
	return scheme + "://"
}
