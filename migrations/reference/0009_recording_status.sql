-- The index goes first: PostgreSQL would write its condition in another way.
DROP INDEX unique_initiated_or_active_recording_per_room;
ALTER TABLE meet_recording ALTER COLUMN status TYPE varchar(50);
CREATE UNIQUE INDEX unique_initiated_or_active_recording_per_room
    ON meet_recording (room_id) WHERE status IN ('active', 'initiated');
