package httpapi

import (
	"maps"
	"sync"
	"time"
)

const (
	reminderPause = time.Hour // until the same is told again
	maxReminders  = 100       // different ones an hour
)

// reminders bound how often the log tells what strangers can cause: each thing
// once an hour, and so many things.
type reminders struct {
	mu sync.Mutex
	at map[string]time.Time // when each was told
}

// due reports whether something is to be told now.
func (r *reminders) due(what string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := func(_ string, told time.Time) bool { return now.Sub(told) >= reminderPause }
	if told, known := r.at[what]; known && !old(what, told) {
		return false
	}
	if len(r.at) >= maxReminders {
		maps.DeleteFunc(r.at, old)
	}
	if len(r.at) >= maxReminders {
		return false
	}
	r.at[what] = now
	return true
}
