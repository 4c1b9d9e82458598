-- +goose Up
-- Since when tokens are void that a deleted room or a signed-out person has; who is behind events and letters.

CREATE TABLE meet_server_revocation (
    subject    TEXT PRIMARY KEY,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX meet_server_revocation_expires_at ON meet_server_revocation (expires_at);

ALTER TABLE meet_server_event ADD COLUMN room TEXT NOT NULL DEFAULT '';
ALTER TABLE meet_server_letter ADD COLUMN sender TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE meet_server_letter DROP COLUMN sender;
ALTER TABLE meet_server_event DROP COLUMN room;
DROP TABLE meet_server_revocation;
