ALTER TABLE meet_application RENAME COLUMN active TO is_active;
