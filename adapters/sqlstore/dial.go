package sqlstore

import (
	"context"
	"net"
	"os"
	"time"
)

const (
	// hostTime is for how long one of several hosts is tried: the first may be
	// the one that is gone.
	hostTime = 3 * time.Second
	// onlyTime is for how long the only host may take to let us in.
	onlyTime = 12 * time.Second
)

// dialer makes connections that are given up when the server does not let us
// in within a time, and on which every answer then comes within patience, or
// fails: the driver itself would wait for ever for a server that is stopped,
// or from which packets do not come back.
type dialer struct {
	net.Dialer
	letIn    time.Duration
	patience time.Duration // 0 waits for ever
}

func newDialer(hosts int, patience time.Duration) dialer {
	letIn := onlyTime
	if hosts > 1 {
		letIn = hostTime
	}
	return dialer{net.Dialer{Timeout: hostTime}, letIn, patience}
}

// Dial implements pq.Dialer.
func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialTimeout implements pq.Dialer.
func (d dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

// DialContext implements pq.DialerContext.
func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	opening, _ := ctx.Value(openingKey{}).(*opening)
	if opening.silent(address) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: os.ErrDeadlineExceeded}
	}
	latest := time.Now().Add(d.letIn)
	conn, err := d.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(latest); err != nil {
		_ = conn.Close()
		return nil, err
	}
	patient := &impatient{Conn: conn, patience: d.patience, latest: latest}
	opening.dialled(address, patient)
	return patient, nil
}

// opening is one attempt to find a host that lets us in. The driver dials a
// host again without TLS when TLS fails; one that said nothing is not worth it.
type opening struct {
	address string
	conn    *impatient
}

type openingKey struct{}

func (o *opening) silent(address string) bool {
	return o != nil && o.conn != nil && o.address == address && o.conn.gaveUp
}

func (o *opening) dialled(address string, conn *impatient) {
	if o != nil {
		o.address, o.conn = address, conn
	}
}

// impatient is a connection whose reads fail when nothing comes for long
// after something was sent, or when the server has not let us in by latest.
type impatient struct {
	net.Conn
	patience time.Duration
	latest   time.Time // zero once we are in
	gaveUp   bool      // the server had not let us in by latest
	extended time.Time // when the deadline was last put off
}

// enter ends the time limit of letting us in.
func (c *impatient) enter() error {
	c.latest = time.Time{}
	return c.SetDeadline(time.Time{})
}

// SetDeadline implements net.Conn. Until we are in, the driver can only make
// the time shorter (connect_timeout).
func (c *impatient) SetDeadline(at time.Time) error {
	c.extended = time.Time{}
	if c.latest.IsZero() {
		return c.Conn.SetDeadline(at)
	}
	if !at.IsZero() && at.Before(c.latest) {
		c.latest = at
	}
	return c.Conn.SetDeadline(c.latest)
}

// extend puts the deadline off. To do so for each packet would cost more than
// the packet, so it is done once in a tenth of the patience.
func (c *impatient) extend() error {
	if c.patience == 0 || !c.latest.IsZero() {
		return nil
	}
	now := time.Now()
	if now.Sub(c.extended) < c.patience/10 {
		return nil
	}
	c.extended = now
	return c.Conn.SetDeadline(now.Add(c.patience))
}

// Write implements net.Conn.
func (c *impatient) Write(text []byte) (int, error) {
	if err := c.extend(); err != nil {
		return 0, err
	}
	return c.Conn.Write(text)
}

// Read implements net.Conn.
func (c *impatient) Read(text []byte) (int, error) {
	n, err := c.Conn.Read(text)
	if n > 0 && err == nil {
		err = c.extend()
	}
	c.gaveUp = c.gaveUp || err != nil && !c.latest.IsZero() && !time.Now().Before(c.latest)
	return n, err
}
