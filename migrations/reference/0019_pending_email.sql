CREATE UNIQUE INDEX unique_email_when_sub_is_null ON meet_user (lower(email)) WHERE sub IS NULL;
