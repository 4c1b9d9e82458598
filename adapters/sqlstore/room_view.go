package sqlstore

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"meet/domain"
)

// viewRow is a room as one viewer sees it.
type viewRow struct {
	roomRow
	MyRole  domain.Role
	Banned  bool
	Members members
}

func (r viewRow) view() domain.RoomView {
	return domain.RoomView{Room: r.room(), Role: r.MyRole, Members: r.Members, Banned: r.Banned}
}

// glimpseColumns are room r, and whether who is behind a LiveKit identity is kept out of it.
var glimpseColumns = append(slices.Clone(roomColumns), column{"banned", "boolean",
	`EXISTS (SELECT 1 FROM meet_server_ban b WHERE b.room_id = r.resource_id AND b.identity = ?)`})

// viewed is room r and its viewer's access, mine.
const viewed = ` FROM meet_room r LEFT JOIN meet_resource_access mine ON mine.resource_id = r.resource_id AND mine.user_id = ?`

// viewColumns are room r and what the access mine of its viewer lets see: the
// members come as one JSON list, and are not looked for in vain.
func (d dialect) viewColumns(viewer string) []column {
	return append(slices.Clone(roomColumns),
		orEmpty("my_role", "mine.role"),
		column{"banned", "boolean", `EXISTS (SELECT 1 FROM meet_server_ban b WHERE b.room_id = r.resource_id AND b.user_id = ` + viewer + `)`},
		column{"members", "json", `CASE WHEN mine.role IN ('administrator', 'owner') THEN (SELECT ` + d.jsonArray + `(` + d.jsonObject + `(
			'id', m.id, 'role', m.role, 'user', p.id, 'email', p.email, 'full_name', p.full_name,
			'short_name', p.short_name, 'timezone', p.timezone, 'language', p.language)
			ORDER BY m.created_at DESC, m.id)
			FROM meet_resource_access m JOIN meet_user p ON p.id = m.user_id
			WHERE m.resource_id = r.resource_id) END`})
}

// members is the column of that list; NULL for none.
type members []domain.ResourceMember

// Scan implements sql.Scanner.
func (m *members) Scan(value any) error {
	var text []byte
	switch v := value.(type) {
	case nil:
		return nil
	case []byte:
		text = v
	case string:
		text = []byte(v)
	default:
		return fmt.Errorf("unexpected %T in a JSON column", value)
	}
	var list []struct {
		ID        uuid.UUID
		Role      domain.Role
		User      uuid.UUID
		Email     *string
		FullName  *string `json:"full_name"`
		ShortName *string `json:"short_name"`
		Timezone  string
		Language  string
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return fmt.Errorf("members: %w", err)
	}
	for _, e := range list {
		profile := domain.Profile{ID: e.User, Timezone: e.Timezone, Language: e.Language}
		profile.Email, profile.Blank.Email = told(e.Email)
		profile.FullName, profile.Blank.FullName = told(e.FullName)
		profile.ShortName, profile.Blank.ShortName = told(e.ShortName)
		*m = append(*m, domain.ResourceMember{AccessID: e.ID, Role: e.Role, Profile: profile})
	}
	return nil
}

// told is a text of JSON that may be null, and whether it is known to be
// empty.
func told(text *string) (value string, blank bool) {
	if text == nil {
		return "", false
	}
	return *text, *text == ""
}
