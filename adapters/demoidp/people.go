package demoidp

import "github.com/zitadel/oidc/v3/pkg/oidc"

// Person is somebody who can sign in.
type Person struct {
	Subject, Name, Given, Family, Email string
}

// People are the demo accounts.
var People = []Person{
	{"demo-alice", "Alice Martin", "Alice", "Martin", "alice@demo.example"},
	{"demo-bob", "Bob Durand", "Bob", "Durand", "bob@demo.example"},
	{"demo-carol", "Carol Petit", "Carol", "Petit", "carol@demo.example"},
}

func person(subject string) (Person, bool) {
	for _, p := range People {
		if p.Subject == subject {
			return p, true
		}
	}
	return Person{}, false
}

// tell fills in the claims of a person.
func (p Person) tell(info *oidc.UserInfo) {
	info.Subject, info.Name, info.GivenName, info.FamilyName = p.Subject, p.Name, p.Given, p.Family
	info.Email, info.EmailVerified = p.Email, true
	info.AppendClaims("usual_name", p.Family)
}
