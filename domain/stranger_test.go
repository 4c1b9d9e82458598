package domain_test

import (
	"testing"

	"github.com/google/uuid"

	"meet/domain"
)

func TestTheTabsOfABrowserAreTheBrowsers(t *testing.T) {
	t.Parallel()
	browser := uuid.NewString()
	first, second := domain.TabIdentity(browser, uuid.New()), domain.TabIdentity(browser, uuid.New())
	if first == second || domain.Whose(first) != browser || domain.Whose(second) != browser || domain.Whose(browser) != browser {
		t.Errorf("%s, %s", first, second)
	}
	for _, subject := range []string{
		"", ".", "x.01234567", browser + ".", browser + ".0123456", browser + ".012345678", browser + ".0123456G", browser + "." + browser,
		"{" + browser + "}.01234567", browser + "x.01234567", browser + ".01234567.x",
	} {
		if got := domain.Whose(subject); got != subject {
			t.Errorf("%q is taken for %q", subject, got)
		}
	}
}
