package redisstore

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
)

// probe looks whether servers that give no proper answer speak TLS where we do
// not, or the other way round: neither side notices that by itself. Nothing
// secret is sent.
func (a Address) probe(ctx context.Context) refusal {
	for _, place := range a.options.Addrs {
		if strings.HasPrefix(place, "/") { // a socket
			continue
		}
		if refused := a.probeOne(ctx, place); refused.reason != "" {
			return refused
		}
	}
	return refusal{}
}

func (a Address) probeOne(ctx context.Context, place string) refusal {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if a.options.TLSConfig == nil {
		dialer := &tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // nothing is sent, and what comes is not believed
		conn, err := dialer.DialContext(ctx, "tcp", place)
		if err == nil {
			_ = conn.Close()
		}
		if err == nil || strings.Contains(err.Error(), "remote error: tls:") {
			return a.encrypted()
		}
		return refusal{}
	}
	if answersPlainly(ctx, place) {
		return a.plain()
	}
	conn, err := (&tls.Dialer{Config: a.options.TLSConfig}).DialContext(ctx, "tcp", place)
	if err == nil {
		err = firstByte(ctx, conn, &[1]byte{}) // an alert about our certificate comes after the handshake
		_ = conn.Close()
	}
	if err == nil {
		return refusal{}
	}
	return a.encryption(err)
}

// answersPlainly reports whether the server answers a PING without TLS, be it
// with a refusal.
func answersPlainly(ctx context.Context, place string) bool {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", place)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	var answer [1]byte
	return firstByte(ctx, conn, &answer) == nil && (answer[0] == '+' || answer[0] == '-')
}

func firstByte(ctx context.Context, conn net.Conn, into *[1]byte) error {
	if deadline, limited := ctx.Deadline(); limited {
		_ = conn.SetReadDeadline(deadline)
	}
	_, err := conn.Read(into[:])
	return err
}
