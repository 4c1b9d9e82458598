package domain

import (
	"fmt"
	"time"
)

// FindingStatus says how bad a Finding is.
type FindingStatus string

// The statuses, from good to bad; skipped says nothing either way.
const (
	Healthy    FindingStatus = "ok"
	Unexamined FindingStatus = "skipped"
	Doubtful   FindingStatus = "warning"
	Broken     FindingStatus = "error"
)

// Finding is what an examination of the set-up saw. It holds no secrets and
// no personal data.
type Finding struct {
	Check  string        `json:"check"` // area.thing, always the same for the same examination
	Status FindingStatus `json:"status"`
	Seen   string        `json:"seen"`
	Mend   string        `json:"mend"` // "" when there is nothing to do
}

// Clocks may differ by so much: tokens are believed for as long before and
// after their time.
const (
	skewDoubtful = 30 * time.Second
	skewBroken   = 60 * time.Second
	skewUnseen   = time.Second // a Date header knows no fractions
)

// ClockFinding compares another system's clock with ours.
func ClockFinding(check string, theirs, ours time.Time) Finding {
	skew := theirs.Sub(ours).Abs()
	if skew <= skewUnseen {
		return Finding{check, Healthy, "the clocks agree", ""}
	}
	finding := Finding{check, Healthy, fmt.Sprintf("the clocks differ by %s", skew.Round(time.Second)), ""}
	switch {
	case skew > skewBroken:
		finding.Status = Broken
	case skew > skewDoubtful:
		finding.Status = Doubtful
	}
	if finding.Status != Healthy {
		finding.Mend = "set both clocks by NTP: tokens are refused when clocks differ by more than a minute"
	}
	return finding
}
