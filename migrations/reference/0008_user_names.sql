ALTER TABLE meet_user ADD COLUMN full_name varchar(100), ADD COLUMN short_name varchar(100);
