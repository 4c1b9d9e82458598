package domain

// Role is what a person may do with a resource.
type Role string

// The roles, in ascending order; NoRole is the absence of any.
const (
	NoRole        Role = ""
	Member        Role = "member"
	Administrator Role = "administrator"
	Owner         Role = "owner"
)

// ParseRole reads a stored or received role; ok is false for anything else.
func ParseRole(text string) (role Role, ok bool) {
	switch role = Role(text); role {
	case Member, Administrator, Owner:
		return role, true
	default:
		return NoRole, false
	}
}

// Privileged reports whether the role may administer the resource.
func (r Role) Privileged() bool {
	return r == Administrator || r == Owner
}
