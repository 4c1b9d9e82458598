ALTER TABLE meet_room ADD COLUMN access_level varchar(50) DEFAULT 'public' NOT NULL;
ALTER TABLE meet_room ALTER COLUMN access_level DROP DEFAULT;
-- The reference makes every room public here. Who closed a room wants it closed.
UPDATE meet_room SET access_level = 'restricted'
    FROM meet_resource s WHERE s.id = meet_room.resource_id AND NOT s.is_public;
ALTER TABLE meet_resource DROP COLUMN is_public;
