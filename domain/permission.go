package domain

import "slices"

// NewPermissionChange checks a decoded JSON value. All problems are reported
// together.
func NewPermissionChange(value any) (PermissionChange, []Problem) {
	object, ok := value.(map[string]any)
	if !ok {
		return PermissionChange{}, []Problem{{
			Code: "model_type", Path: []string{}, Input: value,
			Text:    "Input should be a valid dictionary or instance of ParticipantPermission",
			Context: map[string]string{"class_name": "ParticipantPermission"},
		}}
	}
	var change PermissionChange
	var problems []Problem
	fields := permissionFields(&change)
	for _, key := range sortedKeys(object) {
		field, known := fields[key]
		switch {
		case len(problems) >= maxProblems:
		case known:
			truth, wrong := laxBool(key, object[key])
			problems = append(problems, wrong...)
			if set, is := truth.(bool); is && len(wrong) == 0 {
				*field = &set
			}
		case key == keySources:
			problems = append(problems, change.allow(object[key])...)
		default:
			problems = append(problems, Problem{
				Code: "extra_forbidden", Path: []string{key}, Input: object[key], Text: "Extra inputs are not permitted",
			})
		}
	}
	return change, problems
}

// allow reads the sources that may be published.
func (c *PermissionChange) allow(value any) []Problem {
	if value == nil {
		return []Problem{{Code: "list_type", Path: []string{keySources}, Input: value, Text: "Input should be a valid list"}}
	}
	if problems := checkSources(value); len(problems) > 0 {
		return problems
	}
	c.CanPublishSources = []string{}
	for _, item := range value.([]any) {
		if source := item.(string); !slices.Contains(c.CanPublishSources, source) {
			c.CanPublishSources = append(c.CanPublishSources, source)
		}
	}
	return nil
}

func permissionFields(c *PermissionChange) map[string]**bool {
	return map[string]**bool{
		"can_subscribe": &c.CanSubscribe, "can_publish": &c.CanPublish, "can_publish_data": &c.CanPublishData,
		"hidden": &c.Hidden, "recorder": &c.Recorder, "can_update_metadata": &c.CanUpdateMetadata,
		"agent": &c.Agent, "can_subscribe_metrics": &c.CanSubscribeMetrics,
	}
}

// PermissionName reports whether the name is one of a permission's truth values.
func PermissionName(name string) bool {
	_, known := permissionFields(&PermissionChange{})[name]
	return known
}
