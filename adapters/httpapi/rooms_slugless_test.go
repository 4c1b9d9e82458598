package httpapi_test

import (
	"regexp"
	"testing"

	"meet/domain"
)

// TestARoomWithoutSlugGetsOneWithItsNextChange is what the reference does
// with every save; rooms of old may be stored without.
func TestARoomWithoutSlugGetsOneWithItsNextChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss := w.user("boss")
	w.room("Taken", boss)
	for name, want := range map[string]string{"Daily Meeting": `^daily-meeting$`, "Taken": `^[a-z]{3}-[a-z]{4}-[a-z]{3}$`, "日本": `^[a-z]{3}-[a-z]{4}-[a-z]{3}$`} {
		r := w.room(name, boss, func(r *domain.Room) { r.Slug = "" })
		b := w.as(boss)
		b.patch(roomsPath(r.ID.String()), map[string]any{"access_level": "trusted"}).is(200, "-")
		if now := w.current(r); !regexp.MustCompile(want).MatchString(now.Slug) || now.Name != name || now.AccessLevel != domain.Trusted {
			t.Errorf("%s: %+v", name, now)
		}
		b.get(roomsPath(w.current(r).Slug)).is(200, "-")
	}
}

// TestTextsThatAreEmptyAreNotNull tells them apart, as the reference does.
func TestTextsThatAreEmptyAreNotNull(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user("jane", func(u *domain.User) {
		u.Email, u.FullName, u.ShortName, u.Blank = "", "", "", domain.Blank{Email: true, FullName: true}
	})
	b := w.as(jane)
	for range 2 {
		me := b.get("/users/me/")
		me.is(200, "-")
		for name, want := range map[string]any{"email": "", "full_name": "", "short_name": nil} {
			if got := me.json()[name]; got != want {
				t.Errorf("%s is %v, want %v", name, got, want)
			}
		}
		b.patch("/users/"+jane.ID.String()+"/", map[string]any{"language": "fr-fr"}).is(200, "-")
	}
}
