-- +goose Up
-- What is known of meetings: who is kept out, what LiveKit reported, who was there when.

CREATE TABLE meet_server_ban (
    room_id    TEXT NOT NULL REFERENCES meet_room (resource_id) ON DELETE CASCADE,
    identity   TEXT NOT NULL,
    user_id    TEXT REFERENCES meet_user (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (room_id, identity)
);
CREATE INDEX meet_server_ban_user_id ON meet_server_ban (user_id);

CREATE TABLE meet_server_event (
    id          TEXT PRIMARY KEY,
    happened_at TIMESTAMP NOT NULL,
    turn        INTEGER NOT NULL,
    body        TEXT NOT NULL,
    attempts    INTEGER NOT NULL,
    due_at      TIMESTAMP,
    expires_at  TIMESTAMP NOT NULL
);
CREATE INDEX meet_server_event_due ON meet_server_event (happened_at, turn, id) WHERE due_at IS NOT NULL;
CREATE INDEX meet_server_event_expires_at ON meet_server_event (expires_at);

CREATE TABLE meet_server_meeting (
    sid        TEXT PRIMARY KEY,
    room       TEXT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    ended_at   TIMESTAMP,
    written_at TIMESTAMP NOT NULL
);
CREATE INDEX meet_server_meeting_room ON meet_server_meeting (room, started_at);
CREATE INDEX meet_server_meeting_open ON meet_server_meeting (written_at) WHERE ended_at IS NULL;
CREATE INDEX meet_server_meeting_ended_at ON meet_server_meeting (ended_at);

CREATE TABLE meet_server_presence (
    sid        TEXT PRIMARY KEY,
    meeting    TEXT NOT NULL,
    room       TEXT NOT NULL,
    identity   TEXT NOT NULL,
    name       TEXT NOT NULL,
    joined_at  TIMESTAMP NOT NULL,
    left_at    TIMESTAMP,
    written_at TIMESTAMP NOT NULL
);
CREATE INDEX meet_server_presence_meeting ON meet_server_presence (meeting);
CREATE INDEX meet_server_presence_open ON meet_server_presence (identity) WHERE left_at IS NULL;
CREATE INDEX meet_server_presence_left_at ON meet_server_presence (left_at);

CREATE TABLE meet_server_lease (
    name       TEXT PRIMARY KEY,
    holder     TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);

CREATE TABLE meet_server_letter (
    id         TEXT PRIMARY KEY,
    body       TEXT NOT NULL,
    attempts   INTEGER NOT NULL,
    due_at     TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX meet_server_letter_due_at ON meet_server_letter (due_at);

-- +goose Down
DROP TABLE meet_server_letter;
DROP TABLE meet_server_lease;
DROP TABLE meet_server_presence;
DROP TABLE meet_server_meeting;
DROP TABLE meet_server_event;
DROP TABLE meet_server_ban;
