package httpapi

import (
	"runtime/debug"
	"sync/atomic"
	"time"
)

// gathering counts who waits. What it took to let many begin to wait at once,
// stacks above all, is given back once they do: the runtime alone would keep
// it for minutes.
type gathering struct {
	waiting atomic.Int64
	pending atomic.Bool // memory is about to be given back
}

const (
	many    = 512             // people more
	settled = 2 * time.Second // after which those who came together all wait
)

func (g *gathering) grow() {
	if g.waiting.Add(1)%many == 0 && g.pending.CompareAndSwap(false, true) {
		time.AfterFunc(settled, func() {
			g.pending.Store(false)
			debug.FreeOSMemory()
		})
	}
}

func (g *gathering) shrink() { g.waiting.Add(-1) }
