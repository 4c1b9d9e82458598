package httpapi

import (
	"encoding/json"
	"strings"

	"github.com/google/uuid"

	"meet/domain"
)

// boolean is a required truth value in one of its usual spellings.
func (f *form) boolean(field string) *bool {
	value, ok := f.take(field, true)
	if !ok {
		return nil
	}
	var truth, known bool
	switch v := value.(type) {
	case bool:
		truth, known = v, true
	case json.Number:
		truth, known = v.String() == "1", v.String() == "1" || v.String() == "0"
	case string:
		truth, known = domain.Bool(v)
	}
	if !known {
		f.refuse(field, "Must be a valid boolean.")
		return nil
	}
	return &truth
}

// uuid is a required id in any of its spellings.
func (f *form) uuid(field string) *uuid.UUID {
	value, ok := f.take(field, true)
	if !ok {
		return nil
	}
	text, _ := value.(string)
	id, is := domain.ParseUUID(text)
	if !is {
		f.refuse(field, "Must be a valid UUID.")
		return nil
	}
	return &id
}

// requiredChoice is choice, of which something must be chosen.
func requiredChoice[T ~string](f *form, field string, parse func(string) (T, bool)) *T {
	if _, present := f.values[field]; !present {
		f.refuse(field, "This field is required.")
		return nil
	}
	return choice(f, field, parse)
}

// object is an optional JSON object; nil means absent, null or refused.
func (f *form) object(field string) map[string]any {
	switch v := f.values[field].(type) {
	case nil:
		return nil
	case map[string]any:
		return v
	default:
		f.refuse(field, "Expected a dictionary of items but got type \"%s\".", typeName(v))
		return nil
	}
}

// maxMetadata is how much LiveKit keeps as metadata of a participant, and as
// attributes, in bytes.
const maxMetadata = 64_000

// bound refuses what is too large for LiveKit.
func (f *form) bound(field string, size, limit int) {
	if size > limit {
		f.refuse(field, "Ensure this field has no more than %d bytes.", limit)
	}
}

// participantName is a required name that LiveKit takes.
func (f *form) participantName(field string) *string {
	name := f.text(field, 255)
	if name != nil {
		f.bound(field, len(*name), maxUsername)
	}
	return name
}

// participantChange reads what is to change of a participant. It fails with a
// refusal of everything when a permission is named that nobody may set.
func (f *form) participantChange(forbidden []string) (domain.ParticipantChange, error) {
	var change domain.ParticipantChange
	given := false
	for _, field := range []string{"metadata", "attributes", "permission", "name"} {
		value := f.values[field]
		given = given || value != nil && value != ""
	}
	if !given && len(f.problems) == 0 { // the object as a whole is looked at last
		f.refuse(domain.WholeObject, "At least one of the following fields must be provided: metadata, attributes, permission, name.")
	}
	if metadata := f.object("metadata"); metadata != nil {
		text, err := json.Marshal(metadata)
		if err != nil {
			return change, err
		}
		change.Metadata = new(string(text))
		f.bound("metadata", len(text), maxMetadata)
	}
	size := 0
	for name, value := range f.object("attributes") {
		text, is := value.(string)
		if !is {
			f.refuse("attributes", "Not a valid string.")
			break
		}
		if change.Attributes == nil {
			change.Attributes = map[string]string{}
		}
		change.Attributes[name] = text
		size += len(name) + len(text)
	}
	f.bound("attributes", size, maxMetadata)
	if name, is := f.values["name"].(string); f.values["name"] != nil && (!is || strings.TrimSpace(name) != "") {
		if text := f.participantName("name"); text != nil {
			change.Name = *text
		}
	}
	return change, f.permission(&change, forbidden)
}

// parsed is the JSON object that a text holds, nil for a refused one.
func (f *form) parsed(field, text string) any {
	var object any
	_, err := weigh([]byte(text))
	if err == nil {
		object, err = decodeJSON([]byte(text))
	}
	if err != nil {
		f.problems[field] = []domain.Problem{{Code: "json_invalid", Path: []string{}, Input: text, Text: "Invalid JSON"}}
		return nil
	}
	return object
}

// permission reads the permission, an object or a text that holds one.
func (f *form) permission(change *domain.ParticipantChange, forbidden []string) error {
	value := f.values["permission"]
	if text, is := value.(string); is && text != "" {
		value = f.parsed("permission", text)
	}
	if value == nil || value == "" {
		return nil
	}
	object, _ := value.(map[string]any)
	var named []string
	for _, name := range forbidden {
		if object[name] != nil {
			named = append(named, name)
		}
	}
	if len(named) > 0 {
		return badRequest("Setting the following participant permissions is not allowed: " + strings.Join(named, ", ") + ".")
	}
	permission, problems := domain.NewPermissionChange(value)
	if len(problems) > 0 {
		f.problems["permission"] = problems
		return nil
	}
	change.Permission = &permission
	return nil
}
