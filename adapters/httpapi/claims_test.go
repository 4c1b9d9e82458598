package httpapi_test

import (
	"slices"
	"strings"
	"testing"

	"meet/domain"
)

func TestClaims(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 101)
	for name, c := range map[string]struct {
		claims map[string]any
		change func(*setup)
		want   string // where it ends, "" for a session
	}{
		"only a subject":           {map[string]any{"sub": "auth0|123"}, nil, ""},
		"no subject":               {map[string]any{"email": "a@b.example"}, nil, "/failure"},
		"empty subject":            {map[string]any{"sub": ""}, nil, "/failure"},
		"numeric subject":          {map[string]any{"sub": 5}, nil, "/failure"},
		"subject of 256":           {map[string]any{"sub": strings.Repeat("s", 256)}, nil, "/failure"},
		"NUL in subject":           {map[string]any{"sub": "a\x00b"}, nil, "/failure"},
		"null e-mail":              {map[string]any{"sub": "1", "email": nil}, nil, ""},
		"no e-mail at all":         {map[string]any{"sub": "1", "email": "nonsense"}, nil, ""},
		"name of 101":              {map[string]any{"sub": "1", "given_name": long}, nil, ""},
		"name that is no text":     {map[string]any{"sub": "1", "given_name": []any{"x"}}, nil, ""},
		"essential claim missing":  {map[string]any{"sub": "1", "email": "a@b.example"}, func(s *setup) { s.signIn.Claims.Essential = []string{"Email"} }, "/failure"},
		"essential claim null":     {map[string]any{"sub": "1", "email": nil}, func(s *setup) { s.signIn.Claims.Essential = []string{"email"} }, ""},
		"nobody new is let in":     {map[string]any{"sub": "1"}, func(s *setup) { s.signIn.Claims.CreateUsers = false }, "/failure"},
		"inactive user by subject": {map[string]any{"sub": "sub-off"}, nil, "/failure"},
		"inactive user by e-mail":  {map[string]any{"sub": "1", "email": "OFF@example.com"}, func(s *setup) { s.signIn.Claims.FallbackEmail = true }, "/failure"},
		"e-mail of two":            {map[string]any{"sub": "1", "email": "two@example.com"}, func(s *setup) { s.signIn.Claims.FallbackEmail = true }, "/failure"},
		"e-mail with blanks":       {map[string]any{"sub": "1", "email": " off@example.com "}, func(s *setup) { s.signIn.Claims.FallbackEmail = true }, ""},
		"malformed e-mail":         {map[string]any{"sub": "1", "email": "a b@example.com"}, nil, ""},
	} {
		w := newWorld(t, func(s *setup) {
			if c.change != nil {
				c.change(s)
			}
		})
		w.user("off", func(u *domain.User) { u.IsActive = false })
		w.user("two")
		w.user("too", func(u *domain.User) { u.Email = "Two@example.com" })
		w.provider.People["x"] = c.claims
		b := w.stranger()
		answer := b.signIn("x")
		if signedIn := b.cookies["sessionid"] != ""; signedIn != (c.want == "") || (c.want != "" && answer.header("Location") != c.want) {
			t.Errorf("%s: ended at %s, signed in %v", name, answer.header("Location"), signedIn)
		}
	}
}

func TestKnownPeopleAreUpdatedByTheirClaims(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.signIn.Claims.FallbackEmail = true })
	ada := w.user("ada")
	for _, c := range []struct {
		claims map[string]any
		want   string
	}{
		{map[string]any{"sub": ada.Sub, "email": "", "given_name": nil}, "sub-ada ada@example.com ada Doe ada"},
		{map[string]any{"sub": ada.Sub, "email": "new@example.com", "given_name": "Ada", "usual_name": "L"}, "sub-ada new@example.com Ada L Ada"},
		{map[string]any{"sub": "other", "email": "NEW@example.com"}, "sub-ada NEW@example.com Ada L Ada"}, // by e-mail; the subject stays
	} {
		w.provider.People["x"] = c.claims
		w.stranger().signIn("x")
		u, _ := w.users.Get(t.Context(), ada.ID)
		if got := strings.Join([]string{u.Sub, u.Email, u.FullName, u.ShortName}, " "); got != c.want || !u.UpdatedAt.Equal(ada.UpdatedAt) {
			t.Errorf("%v: got %s, want %s", c.claims, got, c.want)
		}
	}
	if len(w.Warnings) != 1 {
		t.Errorf("warnings: %v", w.Warnings)
	}
	w.provider.People["x"] = map[string]any{"sub": "homoglyph", "email": "new@exаmple.com"}
	b := w.stranger()
	b.signIn("x")
	if id := b.get("/users/me/").json()["id"]; id == ada.ID.String() {
		t.Error("a look-alike domain signed in as ada")
	}
}

// An address that the provider says is not verified finds no account, and
// waits in none for its owner.
func TestAnUnverifiedAddressIdentifiesNobody(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		claims    map[string]any
		idToken   any // its email_verified
		identifes bool
	}{
		"nothing is said":                  {map[string]any{}, nil, true},
		"null":                             {map[string]any{"email_verified": nil}, nil, true},
		"true":                             {map[string]any{"email_verified": true}, nil, true},
		"the text true":                    {map[string]any{"email_verified": "True"}, nil, true},
		"false":                            {map[string]any{"email_verified": false}, nil, false},
		"the text false":                   {map[string]any{"email_verified": "false"}, nil, false},
		"another text":                     {map[string]any{"email_verified": "no"}, nil, false},
		"an empty text":                    {map[string]any{"email_verified": ""}, nil, false},
		"zero":                             {map[string]any{"email_verified": 0.0}, nil, false},
		"a list":                           {map[string]any{"email_verified": []any{true}}, nil, false},
		"false in the id token alone":      {map[string]any{}, false, false},
		"false in the id token, true here": {map[string]any{"email_verified": true}, "false", false},
		"true in the id token, false here": {map[string]any{"email_verified": false}, true, false},
		"true in the id token alone":       {map[string]any{}, true, true},
	} {
		w := newWorld(t, func(s *setup) { s.signIn.Claims.FallbackEmail = true })
		ada := w.user("ada")
		claims := map[string]any{"sub": "new", "email": ada.Email}
		for field, value := range c.claims {
			claims[field] = value
		}
		w.provider.People["x"], w.provider.EmailVerified = claims, domain.ReadVerification(c.idToken)
		b := w.stranger()
		b.signIn("x")
		me := b.get("/users/me/").json()
		if taken := me["id"] == ada.ID.String(); taken != c.identifes {
			t.Errorf("%s: signed in as ada: %v", name, taken)
		}
		if !c.identifes && me["email"] != nil {
			t.Errorf("%s: the account waits for the owner of %v", name, me["email"])
		}
	}
}

func TestAnAddressThatIdentifiesNobodyIsShownAsTheProviderSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.People["x"] = map[string]any{"sub": "new", "email": "x@example.com", "email_verified": false}
	b := w.stranger()
	b.signIn("x")
	if email := b.get("/users/me/").json()["email"]; email != "x@example.com" {
		t.Errorf("the e-mail is %v", email)
	}
}

// What signing in can do without keeps nobody out.
func TestClaimsThatCannotBeStoredAreShortenedOrLeftOut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 60)
	for name, c := range map[string]struct {
		claims             map[string]any
		full, short, email any
		silent             bool // nothing is warned of
	}{
		"names that are too long together":   {claims: map[string]any{"given_name": long, "usual_name": long}, full: long + " " + strings.Repeat("é", 39), short: long},
		"a name that is too long":            {claims: map[string]any{"given_name": long + long}, full: strings.Repeat("é", 100), short: strings.Repeat("é", 100)},
		"a name of exactly 100":              {claims: map[string]any{"given_name": strings.Repeat("é", 100)}, full: strings.Repeat("é", 100), short: strings.Repeat("é", 100), silent: true},
		"control characters":                 {claims: map[string]any{"given_name": "A\x00d\na\x7f"}, full: "A d a", short: "A d a"},
		"nothing but control characters":     {claims: map[string]any{"given_name": "\x00\x01"}},
		"a number":                           {claims: map[string]any{"given_name": 5.0}},
		"a list, an object, a truth":         {claims: map[string]any{"given_name": []any{"x"}, "usual_name": map[string]any{}, "email": true}},
		"an e-mail with a control character": {claims: map[string]any{"email": "ada@example.com\x00"}},
		"an e-mail that is too long":         {claims: map[string]any{"email": strings.Repeat("a", 250) + "@example.com"}},
		"an e-mail that is none":             {claims: map[string]any{"email": "ada"}},
		"language, time zone and address of any shape": {claims: map[string]any{
			"locale": []any{1.0}, "zoneinfo": map[string]any{}, "address": []any{}, "phone_number": 5.0, "groups": "x", "given_name": "Ada",
		}, full: "Ada", short: "Ada", silent: true},
		"a session id that cannot be stored": {claims: map[string]any{"sid": "a\x00b"}},
		"a session id without end":           {claims: map[string]any{"sid": strings.Repeat("s", 5000)}},
	} {
		w := newWorld(t)
		c.claims["sub"] = "new"
		w.provider.People["x"] = c.claims
		b := w.stranger()
		b.signIn("x")
		me := b.get("/users/me/").json()
		if me["full_name"] != c.full || me["short_name"] != c.short || me["email"] != c.email {
			t.Errorf("%s: got %v", name, me)
		}
		if warned := slices.Contains(w.Warnings, "claims were shortened or left out"); warned == c.silent {
			t.Errorf("%s: warnings %v", name, w.Warnings)
		}
	}
}
