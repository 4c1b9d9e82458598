package domain

// Identity is what an OpenID provider vouches for: the claims of a person.
type Identity struct {
	Subject       string
	Claims        map[string]any // userinfo, as received
	EmailVerified Verification   // of the id token
	IDToken       string         // raw, for sign-out at the provider
	SID           string         // the provider's session id, "" when not told
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
