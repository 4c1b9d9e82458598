ALTER TABLE meet_recording ADD COLUMN mode varchar(20) DEFAULT 'screen_recording' NOT NULL;
ALTER TABLE meet_recording ALTER COLUMN mode DROP DEFAULT;
