package domain

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// RoomConfiguration is what a room's moderators may tune, as the JSON object
// that clients see. Rows of old may hold any keys; what NewRoomConfiguration
// lets pass is all that is written.
type RoomConfiguration map[string]any

const (
	keySources = "can_publish_sources"
	keyMute    = "everyone_can_mute"
)

// Limits of what one configuration may cost everybody.
const (
	maxSources  = 100
	maxProblems = 20 // that are told at once
)

// Sources that a participant can publish, in LiveKit's spelling.
var sources = []string{"camera", "microphone", "screen_share", "screen_share_audio"}

const sourcesText = "'camera', 'microphone', 'screen_share' or 'screen_share_audio'"

// PublishSources are the sources that plain participants may publish;
// restricted is false when the room does not say.
func (c RoomConfiguration) PublishSources() (allowed []string, restricted bool) {
	list, ok := c[keySources].([]any)
	if !ok {
		return nil, false
	}
	allowed = []string{}
	for _, item := range list {
		if source, _ := item.(string); slices.Contains(sources, source) && !slices.Contains(allowed, source) {
			allowed = append(allowed, source)
		}
	}
	return allowed, true
}

// EveryoneCanMute reports whether people who are not moderators may mute
// others: they may unless the room says otherwise. Rows of old hold other
// spellings than true and false.
func (c RoomConfiguration) EveryoneCanMute() bool {
	value, set := c[keyMute]
	if !set {
		return true
	}
	truth, _ := laxBool(keyMute, value)
	may, _ := truth.(bool)
	return may
}

// NewRoomConfiguration checks a decoded JSON value against the schema and
// converts its booleans. All problems are reported together.
func NewRoomConfiguration(value any) (RoomConfiguration, []Problem) {
	object, ok := value.(map[string]any)
	if !ok {
		return nil, []Problem{{
			Code: "model_type", Path: []string{}, Input: value,
			Text:    "Input should be a valid dictionary or instance of RoomConfiguration",
			Context: map[string]string{"class_name": "RoomConfiguration"},
		}}
	}
	checked := RoomConfiguration{}
	var problems []Problem
	if list, present := object[keySources]; present {
		checked[keySources] = list
		problems = append(problems, checkSources(list)...)
	}
	if mute, present := object[keyMute]; present {
		converted, problem := laxBool(keyMute, mute)
		checked[keyMute] = converted
		problems = append(problems, problem...)
	}
	for _, key := range sortedKeys(object) {
		if key != keySources && key != keyMute && len(problems) < maxProblems {
			problems = append(problems, Problem{
				Code: "extra_forbidden", Path: []string{key}, Input: object[key], Text: "Extra inputs are not permitted",
			})
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return checked, nil
}

func sortedKeys(object map[string]any) []string {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func checkSources(value any) []Problem {
	if value == nil {
		return nil
	}
	list, ok := value.([]any)
	if !ok {
		return []Problem{{Code: "list_type", Path: []string{keySources}, Input: value, Text: "Input should be a valid list"}}
	}
	if len(list) > maxSources {
		text := fmt.Sprintf("List should have at most %d items after validation, not %d", maxSources, len(list))
		return []Problem{{Code: "too_long", Path: []string{keySources}, Text: text}}
	}
	var problems []Problem
	for i, item := range list {
		if source, _ := item.(string); !slices.Contains(sources, source) && len(problems) < maxProblems {
			problems = append(problems, Problem{
				Code: "literal_error", Path: []string{keySources, strconv.Itoa(i)}, Input: item,
				Text: "Input should be " + sourcesText, Context: map[string]string{"expected": sourcesText},
			})
		}
	}
	return problems
}

// laxBool reads the spellings of a boolean that the schema allows. Numbers
// arrive as text that keeps their JSON spelling (fmt.Stringer).
func laxBool(key string, value any) (any, []Problem) {
	problem := func(code, text string) []Problem {
		return []Problem{{Code: code, Path: []string{key}, Input: value, Text: text}}
	}
	const wrong, unreadable = "Input should be a valid boolean", "Input should be a valid boolean, unable to interpret input"
	switch v := value.(type) {
	case nil, bool:
		return v, nil
	case string:
		if truth, ok := Bool(v); ok {
			return truth, nil
		}
		return nil, problem("bool_parsing", unreadable)
	case fmt.Stringer:
		number, err := strconv.ParseFloat(v.String(), 64)
		_, notInteger := strconv.ParseInt(v.String(), 10, 64)
		switch {
		case err == nil && (number == 0 || number == 1):
			return number == 1, nil
		case notInteger == nil, err == nil && number == math.Trunc(number) && math.Abs(number) < 1<<63:
			return nil, problem("bool_parsing", unreadable)
		}
	}
	return nil, problem("bool_type", wrong)
}

// Bool reads the usual spellings of a boolean, in any case.
func Bool(text string) (truth, ok bool) {
	switch strings.ToLower(text) {
	case "1", "on", "t", "true", "y", "yes":
		return true, true
	case "0", "off", "f", "false", "n", "no":
		return false, true
	default:
		return false, false
	}
}
