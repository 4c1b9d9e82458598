package reference

// releases are the ranges whose newest `core` migration is the number.
func releases() map[int]string {
	return map[int]string{
		2: "0.1.0 to 0.1.3", 4: "0.1.4 to 0.1.7", 8: "0.1.8", 9: "0.1.9 to 0.1.12", 10: "0.1.13 to 0.1.14",
		12: "0.1.15 to 0.1.18", 13: "0.1.19 to 0.1.22", 14: "0.1.23 to 0.1.39", 15: "0.1.40 to 1.1.0", 16: "1.2.0 to 1.10.0",
		18: "1.11.0 to 1.17.0", 20: "1.18.0 to 1.22.0", 21: "1.23.0 to 1.24.0", Newest: "1.25.0 to 1.27.0",
	}
}

// release is the range of releases at a number, or where an upgrade that did
// not get through was going.
func release(core int) string {
	if exact, is := releases()[core]; is {
		return exact
	}
	return "on the way to " + Steps()[core-1].Since
}

// others are the migrations of Django's own and other apps, the same in every
// release.
func others() map[string][]string {
	return map[string][]string{
		"contenttypes": {"0001_initial", "0002_remove_content_type_name"},
		"auth": {
			"0001_initial", "0002_alter_permission_name_max_length", "0003_alter_user_email_max_length",
			"0004_alter_user_username_opts", "0005_alter_user_last_login_null", "0006_require_contenttypes_0002",
			"0007_alter_validators_add_error_messages", "0008_alter_user_username_max_length",
			"0009_alter_user_last_name_max_length", "0010_alter_group_name_max_length", "0011_update_proxy_permissions",
			"0012_alter_user_first_name_max_length",
		},
		"admin":           {"0001_initial", "0002_logentry_remove_auto_add", "0003_logentry_add_action_flag_choices"},
		"easy_thumbnails": {"0001_initial", "0002_thumbnaildimensions"},
		"sessions":        {"0001_initial"},
		"sites":           {"0001_initial", "0002_alter_domain_unique"},
	}
}
