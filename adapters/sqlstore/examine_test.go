package sqlstore

import (
	"strings"
	"testing"

	"meet/domain"
)

func TestOldServersAreNamed(t *testing.T) {
	t.Parallel()
	for number, want := range map[int]domain.FindingStatus{90624: domain.Broken, 130014: domain.Broken, 140000: domain.Healthy, 170002: domain.Healthy} {
		if got := releaseOf(number); got.Status != want || (want == domain.Broken) != strings.Contains(got.Mend, "PostgreSQL 14") {
			t.Errorf("%d: %+v", number, got)
		}
	}
}
