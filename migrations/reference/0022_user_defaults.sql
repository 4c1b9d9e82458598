ALTER TABLE meet_user
    ADD COLUMN default_room_access_level varchar(50),
    ADD COLUMN default_room_configuration jsonb DEFAULT '{}' NOT NULL;
ALTER TABLE meet_user ALTER COLUMN default_room_configuration DROP DEFAULT;
