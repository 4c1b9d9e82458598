package domain

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Identity is what an OpenID provider vouches for: the claims of a person.
type Identity struct {
	Subject string
	Claims  map[string]any // userinfo, as received
	IDToken string         // raw, for sign-out at the provider
	SID     string         // the provider's session id, "" when not told
}

// ClaimRules say how claims become a User.
type ClaimRules struct {
	FullNameFields []string // joined by one space
	ShortNameField string
	Essential      []string // must be present besides "sub"
	SubImmutable   bool     // a known subject is never replaced
	FallbackEmail  bool     // an unknown subject may be matched by e-mail
	CreateUsers    bool     // unknown people become users
}

// The refusals of a sign-in; none of them says more to the browser than "no".
var (
	ErrSignInRefused   = &Error{Kind: Forbidden, Detail: "Sign-in refused."}
	ErrAccountDisabled = &Error{Kind: Forbidden, Detail: "User account is disabled"}
	ErrEmailAmbiguous  = &Error{Kind: Forbidden, Detail: "Multiple user accounts share a common email."}
)

// Limits of what a profile can hold, in characters.
const (
	maxSubject = 255
	maxEmail   = 254
	maxName    = 100
)

// ClaimedProfile is what the claims of a verified identity say of a person.
type ClaimedProfile struct {
	Sub, Email, FullName, ShortName string
}

// Read checks the claims and picks the profile out of them. It fails with a
// wrapped ErrSignInRefused that names the claims at fault, never their values.
func (r ClaimRules) Read(identity Identity) (ClaimedProfile, error) {
	var missing []string
	for _, name := range append([]string{"sub"}, r.Essential...) {
		if _, present := identity.Claims[name]; !present {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return ClaimedProfile{}, fmt.Errorf("%w: missing essential claims: %s", ErrSignInRefused, strings.Join(missing, ", "))
	}
	sub, _ := identity.Claims["sub"].(string)
	if sub == "" || sub != identity.Subject || !storable(sub, maxSubject) {
		return ClaimedProfile{}, fmt.Errorf("%w: no usable subject", ErrSignInRefused)
	}
	profile := ClaimedProfile{Sub: sub, FullName: r.fullName(identity.Claims)}
	profile.ShortName, _ = identity.Claims[r.ShortNameField].(string)
	profile.Email, _ = identity.Claims["email"].(string)
	if profile.Email != "" && (!storable(profile.Email, maxEmail) || !ValidEmail(profile.Email)) {
		return ClaimedProfile{}, fmt.Errorf("%w: unusable e-mail", ErrSignInRefused)
	}
	if !storable(profile.FullName, maxName) || !storable(profile.ShortName, maxName) {
		return ClaimedProfile{}, fmt.Errorf("%w: unusable name", ErrSignInRefused)
	}
	return profile, nil
}

func (r ClaimRules) fullName(claims map[string]any) string {
	var parts []string
	for _, field := range r.FullNameFields {
		if part, _ := claims[field].(string); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

func storable(text string, limit int) bool {
	return utf8.ValidString(text) && !strings.ContainsRune(text, 0) && utf8.RuneCountInString(text) <= limit
}

// Apply copies what the profile says and the user does not yet hold. It
// reports whether anything changed, and whether another subject was ignored.
// Empty claims never erase what is known.
func (p ClaimedProfile) Apply(user *User, rules ClaimRules) (changed, subjectKept bool) {
	set := func(field *string, value string) {
		if value != "" && *field != value {
			*field, changed = value, true
		}
	}
	switch {
	case user.Sub == "" || !rules.SubImmutable:
		set(&user.Sub, p.Sub)
	case user.Sub != p.Sub:
		subjectKept = true
	}
	set(&user.Email, p.Email)
	set(&user.FullName, p.FullName)
	set(&user.ShortName, p.ShortName)
	return changed, subjectKept
}
