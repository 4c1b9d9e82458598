package audit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/adapters/memstore"
	"meet/application/audit"
	"meet/domain"
	"meet/test/fake"
)

type record struct {
	*audit.Service
	deeds memstore.Deeds
	world *fake.World
}

func newRecord(rules audit.Rules) record {
	store, world := memstore.New(), fake.NewWorld()
	deeds := memstore.Deeds{Store: store}
	return record{audit.New(deeds, memstore.Leases{Store: store}, store.Atomically, world.Surroundings(), rules), deeds, world}
}

func (r record) add(t *testing.T, count int) {
	t.Helper()
	for range count {
		deed := domain.Deed{ID: uuid.New(), At: r.world.Now(), Action: domain.RoomAdded, Room: uuid.New(), Details: map[string]string{"access_level": "public"}}
		if err := r.deeds.Add(t.Context(), deed); err != nil {
			t.Fatal(err)
		}
	}
}

func (r record) seal(t *testing.T) domain.Seal {
	t.Helper()
	var last domain.Seal
	if err := r.Seal(t.Context(), func(deed domain.SealedDeed) { last = deed.Seal }); err != nil || last.Number == 0 {
		t.Fatalf("the last seal is %v, error %v", last, err)
	}
	return last
}

func (r record) forget(t *testing.T) (told domain.SealedDeed) {
	t.Helper()
	if err := r.Forget(t.Context(), func(deed domain.SealedDeed) { told = deed }); err != nil {
		t.Fatal(err)
	}
	return told
}

// cut is the record without its beginning, of which it says nothing.
func (r record) cut(t *testing.T, number int64) record {
	t.Helper()
	left, err := r.deeds.Sealed(t.Context(), uuid.Nil, number, 100)
	if err != nil {
		t.Fatal(err)
	}
	shorter := newRecord(audit.Rules{Retention: 24 * time.Hour})
	for _, deed := range left {
		if err := shorter.deeds.Add(t.Context(), deed.Deed); err != nil {
			t.Fatal(err)
		}
		if err := shorter.deeds.Seal(t.Context(), deed.ID, deed.Seal); err != nil {
			t.Fatal(err)
		}
	}
	return shorter
}

func (r record) verify(t *testing.T, witnesses ...domain.Seal) audit.Report {
	t.Helper()
	report, err := r.Verify(t.Context(), witnesses...)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestAWholeChainIsWhole(t *testing.T) {
	t.Parallel()
	r := newRecord(audit.Rules{})
	if report := r.verify(t); len(report.Problems) > 0 || report.Checked != 0 {
		t.Errorf("an empty record: %+v", report)
	}
	r.add(t, 450)
	witness := r.seal(t)
	r.add(t, 3)
	last := r.seal(t)
	r.add(t, 2)
	report := r.verify(t, witness)
	if len(report.Problems) > 0 || report.Checked != 453 || report.First.Number != 1 || report.Last != last || report.Unsealed != 2 {
		t.Errorf("got %+v", report)
	}
}

func TestNothingIsSealedTwice(t *testing.T) {
	t.Parallel()
	r := newRecord(audit.Rules{})
	r.add(t, 1)
	r.seal(t)
	if err := r.Seal(t.Context(), func(deed domain.SealedDeed) { t.Errorf("sealed %v again", deed) }); err != nil {
		t.Error(err)
	}
}

func TestAMissingWitnessIsNoticed(t *testing.T) {
	t.Parallel()
	r := newRecord(audit.Rules{})
	r.add(t, 3)
	last := r.seal(t)
	for _, witness := range []domain.Seal{{Number: 4, Digest: last.Digest}, {Number: 3, Digest: "other"}} {
		if report := r.verify(t, witness); len(report.Problems) != 1 {
			t.Errorf("%v: %+v", witness, report)
		}
	}
}

func TestWhatIsForgottenDoesNotBreakTheChain(t *testing.T) {
	t.Parallel()
	r := newRecord(audit.Rules{Retention: 24 * time.Hour})
	r.add(t, 3)
	old := r.seal(t)
	r.world.Forward(48 * time.Hour)
	r.add(t, 2)
	last := r.seal(t)
	forgotten := r.forget(t)
	if up, is := forgotten.Forgotten(); !is || up.Last.Number != 3 || up.Last.Digest != old.Digest || forgotten.Number != 6 {
		t.Errorf("told %+v", forgotten)
	}
	report := r.verify(t, old, last)
	if len(report.Problems) > 0 || report.Checked != 3 || report.First.Number != 4 || report.Older != 1 {
		t.Errorf("got %+v", report)
	}
}

func TestTheChainGoesOnAfterALongSilence(t *testing.T) {
	t.Parallel()
	r := newRecord(audit.Rules{Retention: 24 * time.Hour})
	r.add(t, 3)
	r.seal(t)
	r.world.Forward(48 * time.Hour)
	r.forget(t)
	r.add(t, 1)
	if last := r.seal(t); last.Number != 5 {
		t.Errorf("after a silence comes number %d", last.Number)
	}
	if report := r.verify(t); len(report.Problems) > 0 || report.Checked != 2 {
		t.Errorf("got %+v", report)
	}
}

// TestForgettingIsWrittenDownOnceADay forgets more than goes together, then
// once more every ten minutes.
func TestForgettingIsWrittenDownOnceADay(t *testing.T) {
	t.Parallel()
	r := newRecord(audit.Rules{Retention: 24 * time.Hour})
	r.add(t, 2100)
	r.seal(t)
	told := 0
	for range 3 * 24 * 6 {
		r.world.Forward(10 * time.Minute)
		r.add(t, 1)
		r.seal(t)
		if err := r.Forget(t.Context(), func(domain.SealedDeed) { told++ }); err != nil {
			t.Fatal(err)
		}
	}
	if told != 3 {
		t.Errorf("forgotten %d times", told)
	}
	if report := r.verify(t); len(report.Problems) > 0 || report.Checked > 2*24*6+3 {
		t.Errorf("got %+v", report)
	}
}

// TestACutBeginningIsNoticed cuts more than the record says, with retention
// and without.
func TestACutBeginningIsNoticed(t *testing.T) {
	t.Parallel()
	for retention, problem := range map[time.Duration]string{0: "deeds 1 to 2 are missing", 24 * time.Hour: "deeds 4 to 4 are missing"} {
		r := newRecord(audit.Rules{Retention: retention})
		r.add(t, 3)
		r.seal(t)
		cut := int64(2)
		if retention > 0 {
			r.world.Forward(48 * time.Hour)
			r.add(t, 3)
			r.seal(t)
			r.forget(t)
			cut = 4
		}
		fresh := r.verify(t).First
		report := r.cut(t, cut).verify(t, fresh)
		if len(report.Problems) != 2 || report.Problems[0] != problem || report.Older != 0 {
			t.Errorf("got %+v", report)
		}
	}
}

func TestALinkThatWasMadeUpIsNoticed(t *testing.T) {
	t.Parallel()
	r := newRecord(audit.Rules{})
	r.add(t, 2)
	r.seal(t)
	forged := domain.Deed{ID: uuid.New(), At: r.world.Now(), Action: domain.RoomRemoved}
	if err := r.deeds.Add(t.Context(), forged); err != nil {
		t.Fatal(err)
	}
	if err := r.deeds.Seal(t.Context(), forged.ID, domain.Seal{Number: 3, Digest: strings.Repeat("0", 64)}); err != nil {
		t.Fatal(err)
	}
	report := r.verify(t)
	if len(report.Problems) != 1 || !strings.Contains(report.Problems[0], "deed 3 was altered") {
		t.Errorf("got %+v", report)
	}
}
