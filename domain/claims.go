package domain

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of what a profile can hold, in characters.
const (
	maxSubject = 255
	maxEmail   = 254
	maxName    = 100
	maxSID     = 255
)

// Verification is what a provider says about somebody's e-mail address
// (OpenID Connect Core 1.0, section 5.1: email_verified).
type Verification int

// Verifications.
const (
	VerificationUnknown Verification = iota // nothing is said
	Verified
	Unverified
)

// ReadVerification reads an email_verified claim. Some providers send it as a
// text; what is neither a yes nor absent counts as a no.
func ReadVerification(claim any) Verification {
	switch text := fmt.Sprint(claim); {
	case claim == nil:
		return VerificationUnknown
	case strings.EqualFold(text, "true"), text == "1":
		return Verified
	default:
		return Unverified
	}
}

// ClaimedProfile is what the claims of a verified identity say of a person.
type ClaimedProfile struct {
	Sub, Email, FullName, ShortName string
	SID                             string   // the provider's session id, "" for none
	Changed                         []string // claims that were shortened or left out
}

// Read checks the claims and picks the profile out of them. It fails with a
// wrapped ErrSignInRefused that names the claims at fault, never their values.
// Claims that signing in can do without are shortened or left out when they
// cannot be stored as they are.
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
	profile := ClaimedProfile{Sub: sub}
	profile.FullName = profile.name(identity.Claims, r.FullNameFields...)
	profile.ShortName = profile.name(identity.Claims, r.ShortNameField)
	if email, isText := identity.Claims["email"].(string); isText && storable(email, maxEmail) && ValidEmail(email) && r.identifies(identity) {
		profile.Email = email
	} else if email != "" || !isText && identity.Claims["email"] != nil {
		profile.note("email")
	}
	if profile.SID = identity.SID; !storable(profile.SID, maxSID) {
		profile.SID = ""
		profile.note("sid")
	}
	return profile, nil
}

// identifies reports whether the e-mail of the identity may be stored. Where
// addresses identify people, one of which the provider says that it is not
// verified must neither find an account nor wait in one for its owner.
func (r ClaimRules) identifies(identity Identity) bool {
	return !r.FallbackEmail || identity.EmailVerified != Unverified &&
		ReadVerification(identity.Claims["email_verified"]) != Unverified
}

// name joins claims to a name of one line that can be stored.
func (p *ClaimedProfile) name(claims map[string]any, fields ...string) string {
	var parts []string
	for _, field := range fields {
		if part := p.text(claims, field); part != "" {
			parts = append(parts, part)
		}
	}
	name := []rune(strings.Join(parts, " "))
	if len(name) > maxName {
		name = name[:maxName]
		p.note(strings.Join(fields, "+"))
	}
	return strings.TrimSpace(string(name))
}

// text is a claim without control characters, "" for one that is no text.
func (p *ClaimedProfile) text(claims map[string]any, field string) string {
	text, isText := claims[field].(string)
	if claims[field] != nil && !isText {
		p.note(field)
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		p.note(field)
		text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), unicode.IsControl), " ")
	}
	return text
}

func (p *ClaimedProfile) note(claim string) {
	if !slices.Contains(p.Changed, claim) {
		p.Changed = append(p.Changed, claim)
	}
}

func storable(text string, limit int) bool {
	return utf8.ValidString(text) && !strings.ContainsRune(text, 0) && utf8.RuneCountInString(text) <= limit
}
