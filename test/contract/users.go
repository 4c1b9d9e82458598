package contract

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"meet/domain"
)

func userRoundTrip(t *testing.T, s Store) {
	level, login := domain.Trusted, at(5)
	user := aUser("ada", 1, func(u *domain.User) {
		u.LastLogin, u.DefaultRoomAccessLevel = &login, &level
		u.DefaultRoomConfiguration = domain.RoomConfiguration{"can_publish_sources": []any{"camera"}}
		u.IsStaff, u.AdminEmail = true, "ada@admin.example"
	})
	must(t, s.Users.Add(t.Context(), user))
	for how, find := range map[string]func() (domain.User, error){
		"id":  func() (domain.User, error) { return s.Users.Get(t.Context(), user.ID) },
		"sub": func() (domain.User, error) { return s.Users.BySub(t.Context(), user.Sub) },
	} {
		found, err := find()
		must(t, err)
		if diff := cmp.Diff(user, found); diff != "" {
			t.Errorf("by %s (-saved +found):\n%s", how, diff)
		}
	}
}

func userNotFound(t *testing.T, s Store) {
	s.user(t, "ada", 1)
	_, byID := s.Users.Get(t.Context(), uuid.New())
	_, bySub := s.Users.BySub(t.Context(), "SUB-ada")
	_, byNoSub := s.Users.BySub(t.Context(), "")
	_, updated := s.Users.Update(t.Context(), uuid.New(), func(*domain.User) error { return nil })
	for _, err := range []error{byID, bySub, byNoSub, updated} {
		if !errors.Is(err, domain.ErrUserNotFound) {
			t.Errorf("got %v, want ErrUserNotFound", err)
		}
	}
}

func subTaken(t *testing.T, s Store) {
	ada, bob := s.user(t, "ada", 1), s.user(t, "bob", 2)
	if err := s.Users.Add(t.Context(), aUser("eve", 3, func(u *domain.User) { u.Sub = ada.Sub })); !errors.Is(err, domain.ErrSubTaken) {
		t.Errorf("adding: got %v, want ErrSubTaken", err)
	}
	_, err := s.Users.Update(t.Context(), bob.ID, func(u *domain.User) error { u.Sub = ada.Sub; return nil })
	if !errors.Is(err, domain.ErrSubTaken) {
		t.Errorf("updating: got %v, want ErrSubTaken", err)
	}
}

func subNull(t *testing.T, s Store) {
	for _, name := range []string{"ada", "bob"} {
		must(t, s.Users.Add(t.Context(), aUser(name, 1, func(u *domain.User) { u.Sub = "" })))
	}
}

func byEmail(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	s.user(t, "bob", 2)
	for _, email := range []string{ada.Email, strings.ToUpper(ada.Email)} {
		found, err := s.Users.ByEmail(t.Context(), email)
		must(t, err)
		if len(found) != 1 || found[0].ID != ada.ID {
			t.Errorf("%s: found %d users", email, len(found))
		}
	}
	for _, other := range []string{" " + ada.Email, "аda@example.com", "%", ""} { // blank, Cyrillic letter, wildcard, nothing
		if found, err := s.Users.ByEmail(t.Context(), other); err != nil || len(found) != 0 {
			t.Errorf("%q: found %d users, error %v", other, len(found), err)
		}
	}
	must(t, s.Users.Add(t.Context(), aUser("ADA", 3, func(u *domain.User) { u.Sub = "other" })))
	if found, err := s.Users.ByEmail(t.Context(), ada.Email); err != nil || len(found) != 2 {
		t.Errorf("an e-mail of two: found %d users, error %v", len(found), err)
	}
}

func userUpdate(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	refused := errors.New("no")
	_, err := s.Users.Update(t.Context(), ada.ID, func(u *domain.User) error {
		u.Timezone = "Europe/Paris"
		return refused
	})
	if found, _ := s.Users.Get(t.Context(), ada.ID); !errors.Is(err, refused) || found.Timezone != "UTC" {
		t.Errorf("refused change: error %v, time zone %s", err, found.Timezone)
	}
	changed, err := s.Users.Update(t.Context(), ada.ID, func(u *domain.User) error {
		u.Timezone, u.Email, u.FullName, u.IsActive, u.UpdatedAt = "Europe/Paris", "a@b.example", "", false, at(9)
		return nil
	})
	must(t, err)
	found, err := s.Users.Get(t.Context(), ada.ID)
	must(t, err)
	if diff := cmp.Diff(changed, found); diff != "" {
		t.Errorf("(-returned +found):\n%s", diff)
	}
}

func search(t *testing.T, s Store) {
	for i, name := range []string{"frank_poole@work.com", "heywood_floyd@work.com", "nicole_foole@work.com", "david.bowman@work.com"} {
		must(t, s.Users.Add(t.Context(), aUser(name, i, func(u *domain.User) { u.Email = name })))
	}
	for query, want := range map[string][]string{
		"":                      {"david.bowman@work.com", "nicole_foole@work.com", "heywood_floyd@work.com", "frank_poole@work.com"},
		"david.bowman@work.com": {"david.bowman@work.com"},
		"oole":                  {"nicole_foole@work.com", "frank_poole@work.com"},
		"zzz":                   nil,
	} {
		found, err := s.Users.Search(t.Context(), query, domain.Page{Size: 20, Number: 1})
		must(t, err)
		var emails []string
		for _, user := range found.Items {
			emails = append(emails, user.Email)
		}
		if diff := cmp.Diff(want, emails); diff != "" || found.Count != len(want) {
			t.Errorf("%q: count %d (-want +got):\n%s", query, found.Count, diff)
		}
	}
	if page, err := s.Users.Search(t.Context(), "", domain.Page{Size: 3, Number: 2}); err != nil || len(page.Items) != 1 || page.Count != 4 {
		t.Errorf("page 2 of 3: %d items of %d, error %v", len(page.Items), page.Count, err)
	}
	if _, err := s.Users.Search(t.Context(), "", domain.Page{Size: 3, Number: 3}); !errors.Is(err, domain.ErrInvalidPage) {
		t.Errorf("page 3: got %v, want ErrInvalidPage", err)
	}
}

func textRoundTrip(t *testing.T, s Store) {
	long := strings.Repeat("é", 100)
	user := aUser("ada", 1, func(u *domain.User) {
		u.FullName, u.ShortName, u.Sub = long, "日本 \U0001F600 'x' \\ \" ;--", strings.Repeat("s", 255)
	})
	must(t, s.Users.Add(t.Context(), user))
	found, err := s.Users.Get(t.Context(), user.ID)
	must(t, err)
	if diff := cmp.Diff(user, found); diff != "" {
		t.Errorf("(-saved +found):\n%s", diff)
	}
}
