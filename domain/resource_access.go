package domain

import (
	"time"

	"github.com/google/uuid"
)

// ResourceAccess says that a user holds a role on a resource.
type ResourceAccess struct {
	ID         uuid.UUID
	CreatedAt  time.Time
	UpdatedAt  time.Time
	UserID     uuid.UUID
	ResourceID uuid.UUID
	Role       Role
}

// ResourceMember is an access together with the person who holds it.
type ResourceMember struct {
	AccessID uuid.UUID
	Role     Role
	Profile  Profile
}

// The failures around accesses.
var (
	ErrAccessNotFound = &Error{Kind: NotFound, Detail: "No ResourceAccess matches the given query."}
	ErrAccessExists   = InvalidField(WholeObject, "Resource access with this User and Resource already exists.")
	ErrNotPrivileged  = &Error{Kind: Forbidden, Detail: "You must be administrator or owner of a room to add accesses to it."}
	ErrOwnersOnly     = &Error{Kind: Forbidden, Detail: "Only owners of a room can assign other users as owners."}
	ErrLastOwner      = &Error{Kind: Forbidden, Detail: "A resource should keep at least one owner."}
)

// AccessCase is an access somebody wants to change, with all that the
// decision rests on. Stores hand it out under a lock on the resource.
type AccessCase struct {
	Access    ResourceAccess
	Actor     uuid.UUID
	ActorRole Role // on the access's resource
	Owners    int  // of the access's resource
}

// Change gives the access another role, or says why not: only owners make
// owners, nobody changes another owner, and the last owner stays.
func (c *AccessCase) Change(role Role, now time.Time) error {
	if err := c.mayTouch(); err != nil {
		return err
	}
	if c.foreignOwner() || (role == Owner && c.ActorRole != Owner) {
		return ErrOwnersOnly
	}
	if role != Owner && c.lastOwner() {
		return ErrLastOwner
	}
	c.Access.Role, c.Access.UpdatedAt = role, now
	return nil
}

// Revoke says whether the access may be taken away.
func (c *AccessCase) Revoke() error {
	if err := c.mayTouch(); err != nil {
		return err
	}
	if c.foreignOwner() {
		return ErrForbidden
	}
	if c.lastOwner() {
		return ErrLastOwner
	}
	return nil
}

func (c *AccessCase) mayTouch() error {
	if !c.ActorRole.Privileged() {
		return ErrForbidden
	}
	return nil
}

func (c *AccessCase) foreignOwner() bool {
	return c.Access.Role == Owner && c.Access.UserID != c.Actor
}

func (c *AccessCase) lastOwner() bool {
	return c.Access.Role == Owner && c.Owners <= 1
}
