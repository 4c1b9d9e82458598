package httpapi

import (
	"bytes"
	"errors"
	"net"
	"net/http"
)

// maxLines is how many lines the head of a request may have before anybody
// looks at it: net/http bounds its bytes, of which five become a hundred in
// memory when each line is a field.
const maxLines = 2 * maxFields

var errLongHead = errors.New("the head of the request has too many lines")

// BoundHeads is the listener with connections on which no head of a request
// has too many lines. The server must have NextHead as its ConnState.
func BoundHeads(listener net.Listener) net.Listener { return headListener{listener} }

type headListener struct{ net.Listener }

// Accept implements net.Listener.
func (l headListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &headConn{Conn: conn}, nil
}

// headConn counts the lines of a head while it is read.
type headConn struct {
	net.Conn
	lines  int
	length int  // of the line that is being read
	over   bool // what is read now is no head any more
}

// NextHead tells a connection that the next request begins.
func NextHead(conn net.Conn, state http.ConnState) {
	if heads, is := conn.(*headConn); is && state == http.StateIdle {
		heads.lines, heads.length, heads.over = 0, 0, false
	}
}

// Read implements net.Conn.
func (c *headConn) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	for rest := into[:n]; !c.over && len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			c.length += len(rest)
			break
		}
		c.length += len(bytes.TrimSuffix(rest[:end], []byte("\r")))
		c.over = c.length == 0 && c.lines > 0
		c.length, rest = 0, rest[end+1:]
		if c.lines++; c.lines > maxLines {
			return 0, errLongHead
		}
	}
	return n, err
}
