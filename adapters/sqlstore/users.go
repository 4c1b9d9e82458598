package sqlstore

import (
	"context"
	"database/sql"
	"reflect"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Users implements ports.Users.
type Users struct{ db *DB }

var _ ports.Users = (*Users)(nil)

// NewUsers is the collection in db.
func NewUsers(db *DB) *Users { return &Users{db} }

// userRow is a User as the table has it.
type userRow struct {
	domain.User
	Email, FullName, ShortName sql.NullString
	DefaultRoomConfiguration   object
}

func (r userRow) user() domain.User {
	user := r.User
	user.DefaultRoomConfiguration = domain.RoomConfiguration(r.DefaultRoomConfiguration)
	user.Email, user.Blank.Email = known(r.Email)
	user.FullName, user.Blank.FullName = known(r.FullName)
	user.ShortName, user.Blank.ShortName = known(r.ShortName)
	return user
}

// known is a text that may be NULL, and whether it is known to be empty.
func known(text sql.NullString) (value string, blank bool) {
	return text.String, text.Valid && text.String == ""
}

func rowOfUser(user domain.User) userRow {
	stored := func(text string, blank bool) sql.NullString {
		return sql.NullString{String: text, Valid: text != "" || blank}
	}
	return userRow{
		User: user, DefaultRoomConfiguration: object(user.DefaultRoomConfiguration), Email: stored(user.Email, user.Blank.Email),
		FullName: stored(user.FullName, user.Blank.FullName), ShortName: stored(user.ShortName, user.Blank.ShortName),
	}
}

// What a person is shown as and prefers, and what else the table holds.
var (
	personColumns = []column{
		{"id", "uuid", "u.id"}, {"language", "varchar", "u.language"}, {"timezone", "varchar", "u.timezone"},
		{"is_active", "boolean", "u.is_active"}, {"default_room_access_level", "varchar", "u.default_room_access_level"},
		{"default_room_configuration", "jsonb", "u.default_room_configuration"},
		orEmpty("sub", "u.sub"), {"email", "varchar", "u.email"}, orEmpty("admin_email", "u.admin_email"),
		{"full_name", "varchar", "u.full_name"}, {"short_name", "varchar", "u.short_name"},
	}
	selectUser = `SELECT u.created_at, u.updated_at, u.password, u.last_login, u.is_superuser, u.is_device, u.is_staff, ` +
		listed(personColumns) + ` FROM meet_user u`
)

// Get implements ports.Users.
func (s *Users) Get(ctx context.Context, id uuid.UUID) (domain.User, error) {
	return s.one(ctx, selectUser+` WHERE u.id = ?`, id)
}

// BySub implements ports.Users.
func (s *Users) BySub(ctx context.Context, sub string) (domain.User, error) {
	return s.one(ctx, selectUser+` WHERE u.sub = ?`, sub)
}

func (s *Users) one(ctx context.Context, query string, args ...any) (domain.User, error) {
	var row userRow
	err := s.db.get(ctx, domain.ErrUserNotFound, &row, query, args...)
	return row.user(), err
}

// ByEmail implements ports.Users.
func (s *Users) ByEmail(ctx context.Context, email string) ([]domain.User, error) {
	return s.many(ctx, selectUser+` WHERE UPPER(u.email) = UPPER(?) ORDER BY u.created_at DESC LIMIT 2`, email)
}

// Search implements ports.Users.
func (s *Users) Search(ctx context.Context, query string, page domain.Page) (domain.Listing[domain.User], error) {
	where, args := ``, []any{}
	if query != "" {
		where, args = ` WHERE word_similarity(?, COALESCE(u.email, '')) >= ?`, []any{query, domain.SimilarEnough}
	}
	var listing domain.Listing[domain.User]
	if err := s.db.get(ctx, nil, &listing.Count, `SELECT COUNT(*) FROM meet_user u`+where, args...); err != nil {
		return listing, err
	}
	offset, err := page.Offset(listing.Count)
	if err != nil {
		return listing, err
	}
	listing.Items, err = s.many(ctx, selectUser+where+` ORDER BY u.created_at DESC, u.id LIMIT ? OFFSET ?`, append(args, page.Size, offset)...)
	return listing, err
}

func (s *Users) many(ctx context.Context, query string, args ...any) ([]domain.User, error) {
	var rows []userRow
	if err := s.db.list(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	users := make([]domain.User, 0, len(rows))
	for _, row := range rows {
		users = append(users, row.user())
	}
	return users, nil
}

var subTaken = conflict{"sub", domain.ErrSubTaken}

// Add implements ports.Users.
func (s *Users) Add(ctx context.Context, user domain.User) error {
	_, err := s.db.exec(ctx, `INSERT INTO meet_user (password, last_login, is_superuser, id, created_at, updated_at, sub,
		email, admin_email, language, timezone, is_device, is_staff, is_active, full_name, short_name,
		default_room_access_level, default_room_configuration)
		VALUES (:password, :last_login, :is_superuser, :id, :created_at, :updated_at, NULLIF(:sub, ''),
		:email, NULLIF(:admin_email, ''), :language, :timezone, :is_device, :is_staff, :is_active,
		:full_name, :short_name, :default_room_access_level, :default_room_configuration)`,
		rowOfUser(user), subTaken)
	return err
}

// Update implements ports.Users.
func (s *Users) Update(ctx context.Context, id uuid.UUID, change func(*domain.User) error) (domain.User, error) {
	var user domain.User
	err := s.db.Atomically(ctx, func(ctx context.Context) (err error) {
		if user, err = s.one(ctx, selectUser+` WHERE u.id = ?`+s.db.forUpdate, id); err != nil {
			return err
		}
		before := rowOfUser(user)
		if err = change(&user); err != nil {
			return err
		}
		return s.save(ctx, before, rowOfUser(user))
	})
	return user, err
}

// save writes what is different.
func (s *Users) save(ctx context.Context, before, after userRow) error {
	var set assignments
	set.add("updated_at = :updated_at", !before.UpdatedAt.Equal(after.UpdatedAt))
	set.add("last_login = :last_login", !reflect.DeepEqual(before.LastLogin, after.LastLogin))
	set.add("sub = NULLIF(:sub, '')", before.Sub != after.Sub)
	set.add("email = :email", before.Email != after.Email)
	set.add("full_name = :full_name", before.FullName != after.FullName)
	set.add("short_name = :short_name", before.ShortName != after.ShortName)
	set.add("language = :language", before.Language != after.Language)
	set.add("timezone = :timezone", before.Timezone != after.Timezone)
	set.add("is_active = :is_active", before.IsActive != after.IsActive)
	set.add("default_room_access_level = :default_room_access_level", !reflect.DeepEqual(before.DefaultRoomAccessLevel, after.DefaultRoomAccessLevel))
	set.add("default_room_configuration = :default_room_configuration", !before.DefaultRoomConfiguration.equal(after.DefaultRoomConfiguration))
	if len(set) == 0 {
		return nil
	}
	_, err := s.db.exec(ctx, `UPDATE meet_user SET `+set.String()+` WHERE id = :id`, after, subTaken)
	return err
}
