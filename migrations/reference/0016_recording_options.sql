ALTER TABLE meet_recording ADD COLUMN options jsonb DEFAULT '{}' NOT NULL;
ALTER TABLE meet_recording ALTER COLUMN options DROP DEFAULT;
