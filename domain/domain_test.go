package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

func TestSlugs(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"My Room!": "my-room", "Réunion": "reunion", "Eléphant in the room": "elephant-in-the-room", "__a__b__": "a__b", "Straße": "strae",
		"Æther œuvre": "ther-uvre", "İstanbul": "istanbul", "naïve_café": "naive_cafe", "a/b.c": "abc", "a–b": "ab", "a\u00a0b": "a-b", "a\u2003b": "a-b",
		"№5": "no5", "™": "tm", "Ⅷ": "viii", "ﬁne ½ x²": "fine-12-x2", "会议": "", "ΑΒΓ": "", "ø": "", "-_-": "", "a - b": "a-b", "A--B": "a-b",
		"Éà Test Room!": "ea-test-room", "  a  b ": "a-b", "a_b-c": "a_b-c", "--x--": "x", "": "", "a\x1cb": "a-b", "a\x00b": "ab", "-_a_-": "a",
	} {
		if got := domain.Slugify(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestNamesThatPassForIDsAreReserved(t *testing.T) {
	t.Parallel()
	for name, reserved := range map[string]bool{
		"918689fb-038e 4e81-bf09 efd5902c5f0b": true, "deadbeef deadbeef deadbeef deadbeef": true, "918689FB038E4E81BF09EFD5902C5F0B": true,
		"918689fb_038e_4e81_bf09_efd5902c5f0b": true, "918689fb-038e-4e81-bf09-efd5902c5f0": false, "my room": false,
		"918689fb-038e-4e81-bf09-efd5902c5f0g": false,
	} {
		_, err := domain.NewRoom(uuid.New(), name, "x", domain.Public, nil, time.Time{})
		if want := `Room name "` + name + `" is reserved.`; (err != nil) != reserved || (reserved && !strings.HasSuffix(err.Error(), want)) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestRoomKeys(t *testing.T) {
	t.Parallel()
	id := uuid.MustParse("918689fb-038e-4e81-bf09-efd5902c5f0b")
	for _, spelling := range []string{
		"918689fb-038e-4e81-bf09-efd5902c5f0b", "918689FB-038E-4E81-BF09-EFD5902C5F0B", "918689fb038e4e81bf09efd5902c5f0b",
		"{918689fb-038e-4e81-bf09-efd5902c5f0b}", "urn:uuid:918689fb-038e-4e81-bf09-efd5902c5f0b",
	} {
		if key := domain.ParseRoomKey(spelling); key.ID != id {
			t.Errorf("%s: %+v", spelling, key)
		}
	}
	if key := domain.ParseRoomKey("My Room!"); key != (domain.RoomKey{Slug: "my-room"}) {
		t.Errorf("%+v", key)
	}
}

func TestANameWithoutLettersKeepsARandomSlug(t *testing.T) {
	t.Parallel()
	room, err := domain.NewRoom(uuid.New(), "会议", "abc-defg-hij", domain.Public, nil, time.Time{})
	if err != nil || room.Slug != "abc-defg-hij" || room.Name != "会议" {
		t.Errorf("%+v, error %v", room, err)
	}
	if err := room.Rename("会"); err != nil || room.Slug != "abc-defg-hij" {
		t.Errorf("renamed: %s, error %v", room.Slug, err)
	}
	var draws []int
	slug := domain.RandomSlug(func(n int) int { draws = append(draws, n); return len(draws) - 1 })
	if slug != "abc-defg-hij" || len(draws) != 10 || draws[0] != 26 {
		t.Errorf("%s by %v", slug, draws)
	}
}

func TestTheEmailIsAnonymized(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]string{
		"": "", "john.doe@world.com": "***@world.com", "a@b@c.example": "***@b@c.example", "no-at": "***@",
	} {
		if got := (domain.User{Profile: domain.Profile{Email: email}}).AnonymizedEmail(); got != want {
			t.Errorf("%q: got %q, want %q", email, got, want)
		}
	}
}

func TestDisplayNamesAndIdentities(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	for _, c := range []struct {
		user           domain.User
		name, identity string
	}{
		{domain.User{}, "Anonymous", uuid.Nil.String()},
		{domain.User{Profile: domain.Profile{ID: id, FullName: "Jane Doe", Email: "j@d.example"}, Sub: "s"}, "Jane Doe", "s"},
		{domain.User{Profile: domain.Profile{ID: id, Email: "j@d.example"}, Sub: "s"}, "j@d.example", "s"},
		{domain.User{Profile: domain.Profile{ID: id}, AdminEmail: "a@d.example"}, "a@d.example", id.String()},
		{domain.User{Profile: domain.Profile{ID: id}}, id.String(), id.String()},
	} {
		if c.user.DisplayName() != c.name || c.user.Identity() != c.identity {
			t.Errorf("%+v: %q %q", c.user, c.user.DisplayName(), c.user.Identity())
		}
	}
}

func TestWhoChangesWhichAccess(t *testing.T) {
	t.Parallel()
	me, other := uuid.New(), uuid.New()
	for _, c := range []struct {
		actor, target domain.Role
		own           bool
		owners        int
		to            domain.Role
		change        error
		revoke        error
	}{
		{domain.NoRole, domain.Member, false, 1, domain.Member, domain.ErrForbidden, domain.ErrForbidden},
		{domain.Member, domain.Member, true, 1, domain.Member, domain.ErrForbidden, domain.ErrForbidden},
		{domain.Administrator, domain.Member, false, 1, domain.Administrator, nil, nil},
		{domain.Administrator, domain.Administrator, true, 1, domain.Owner, domain.ErrOwnersOnly, nil},
		{domain.Administrator, domain.Owner, false, 2, domain.Member, domain.ErrOwnersOnly, domain.ErrForbidden},
		{domain.Owner, domain.Administrator, false, 1, domain.Owner, nil, nil},
		{domain.Owner, domain.Owner, false, 2, domain.Member, domain.ErrOwnersOnly, domain.ErrForbidden},
		{domain.Owner, domain.Owner, true, 1, domain.Member, domain.ErrLastOwner, domain.ErrLastOwner},
		{domain.Owner, domain.Owner, true, 1, domain.Owner, nil, domain.ErrLastOwner},
		{domain.Owner, domain.Owner, true, 2, domain.Member, nil, nil},
	} {
		user := other
		if c.own {
			user = me
		}
		decision := domain.AccessCase{Access: domain.ResourceAccess{UserID: user, Role: c.target}, Actor: me, ActorRole: c.actor, Owners: c.owners}
		revoked := decision
		if err := decision.Change(c.to, time.Time{}); !errors.Is(err, c.change) {
			t.Errorf("%+v: change: %v", c, err)
		}
		if err := revoked.Revoke(); !errors.Is(err, c.revoke) {
			t.Errorf("%+v: revoke: %v", c, err)
		}
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number, count, offset int
		invalid               bool
	}{{1, 0, 0, false}, {0, 0, 0, false}, {2, 0, 0, true}, {1, 5, 0, false}, {3, 5, 4, false}, {0, 5, 4, false}, {4, 5, 0, true}, {-1, 5, 0, true}} {
		offset, err := domain.Page{Size: 2, Number: c.number}.Offset(c.count)
		if errors.Is(err, domain.ErrInvalidPage) != c.invalid || offset != c.offset {
			t.Errorf("%+v: %d, error %v", c, offset, err)
		}
	}
}

func FuzzSlugify(f *testing.F) {
	for _, seed := range []string{"My Room!", "Éà", "会议", "\xff", "a\x1c-b", strings.Repeat("-", 100), "urn:uuid:918689fb-038e-4e81-bf09-efd5902c5f0b", strings.Repeat("0", 32)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		slug := domain.Slugify(name)
		if domain.Slugify(slug) != slug || strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" ||
			strings.Trim(slug, "-_") != slug || strings.Contains(slug, "--") {
			t.Errorf("%q became %q", name, slug)
		}
		if key := domain.ParseRoomKey(slug); key.ID == uuid.Nil && key.Slug != slug {
			t.Errorf("the room of %q is not found by its slug %q", name, slug)
		}
	})
}

func FuzzReturnTo(f *testing.F) {
	for _, seed := range []string{"/x", "//evil", `/\evil`, "http://host/x", "https://evil@host/", "javascript:x", "\t//evil", "http:evil", "///evil", "%2f%2fevil"} {
		f.Add(seed)
	}
	rules := domain.ReturnRules{AllowedHosts: []string{"good.example"}}
	f.Fuzz(func(t *testing.T, target string) {
		if !rules.Safe(target, "host") {
			return
		}
		// What a browser does (WHATWG URL): strips controls, takes \ for /.
		seen := strings.Map(func(r rune) rune {
			if r == '\t' || r == '\n' || r == '\r' {
				return -1
			}
			return r
		}, strings.ReplaceAll(strings.Trim(target, " "), `\`, "/"))
		lower := strings.ToLower(seen)
		for _, scheme := range []string{"http:", "https:"} {
			if rest, absolute := strings.CutPrefix(lower, scheme); absolute {
				lower = "//" + strings.TrimLeft(rest, "/")
				seen = seen[len(scheme):]
				break
			}
		}
		if !strings.HasPrefix(lower, "//") {
			return
		}
		authority := strings.TrimLeft(seen, "/")
		authority = authority[:len(authority)-len(strings.TrimLeftFunc(authority, func(r rune) bool { return r != '/' && r != '?' && r != '#' }))]
		if authority != "host" && authority != "good.example" {
			t.Errorf("%q leads a browser to %q", target, authority)
		}
	})
}
