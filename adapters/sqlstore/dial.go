package sqlstore

import (
	"context"
	"net"
	"time"
)

// dialer makes connections on which every answer comes within patience, or
// fails: the driver itself would wait for ever for a server that is stopped,
// or from which packets do not come back.
type dialer struct {
	net.Dialer
	patience time.Duration
}

func newDialer(patience time.Duration) dialer {
	return dialer{net.Dialer{Timeout: patience / 4}, patience} // of several hosts the first may be the one that is gone
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
	conn, err := d.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &impatient{Conn: conn, patience: d.patience}, nil
}

// impatient is a connection whose reads fail when nothing comes for long
// after something was sent.
type impatient struct {
	net.Conn
	patience time.Duration
	extended time.Time // when the deadline was last put off
}

// extend puts the deadline off. To do so for each packet would cost more than
// the packet, so it is done once in a tenth of the patience.
func (c *impatient) extend() error {
	now := time.Now()
	if now.Sub(c.extended) < c.patience/10 {
		return nil
	}
	c.extended = now
	return c.SetDeadline(now.Add(c.patience))
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
	return n, err
}
