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
	served  atomic.Int64 // how many waited when memory was given back last
	pending atomic.Bool  // memory is about to be given back
}

const (
	many    = 512             // people more than then
	settled = 2 * time.Second // after which those who came together all wait
)

func (g *gathering) grow() {
	if g.waiting.Add(1) < g.served.Load()+many || !g.pending.CompareAndSwap(false, true) {
		return
	}
	time.AfterFunc(settled, func() {
		g.served.Store(g.waiting.Load())
		g.pending.Store(false)
		debug.FreeOSMemory()
	})
}

func (g *gathering) shrink() {
	if g.waiting.Add(-1) == 0 {
		g.served.Store(0)
	}
}
