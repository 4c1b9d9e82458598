-- +goose Up
-- What is known of meetings: who is kept out, what LiveKit reported, who was there when.

CREATE TABLE meet_server_ban (
    room_id    uuid NOT NULL REFERENCES meet_room (resource_id) ON DELETE CASCADE,
    identity   text NOT NULL,
    user_id    uuid REFERENCES meet_user (id) ON DELETE CASCADE,
    name       text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    PRIMARY KEY (room_id, identity)
);
CREATE INDEX meet_server_ban_user_id ON meet_server_ban (user_id);

CREATE TABLE meet_server_event (
    id          text PRIMARY KEY,
    happened_at timestamp with time zone NOT NULL,
    turn        integer NOT NULL,
    body        text NOT NULL,
    attempts    integer NOT NULL,
    due_at      timestamp with time zone,
    expires_at  timestamp with time zone NOT NULL
);
CREATE INDEX meet_server_event_due ON meet_server_event (happened_at, turn, id) WHERE due_at IS NOT NULL;
CREATE INDEX meet_server_event_expires_at ON meet_server_event (expires_at);

CREATE TABLE meet_server_meeting (
    sid        text PRIMARY KEY,
    room       text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at   timestamp with time zone,
    written_at timestamp with time zone NOT NULL
);
CREATE INDEX meet_server_meeting_room ON meet_server_meeting (room, started_at);
CREATE INDEX meet_server_meeting_open ON meet_server_meeting (written_at) WHERE ended_at IS NULL;
CREATE INDEX meet_server_meeting_ended_at ON meet_server_meeting (ended_at);

CREATE TABLE meet_server_presence (
    sid        text PRIMARY KEY,
    meeting    text NOT NULL,
    room       text NOT NULL,
    identity   text NOT NULL,
    name       text NOT NULL,
    joined_at  timestamp with time zone NOT NULL,
    left_at    timestamp with time zone,
    written_at timestamp with time zone NOT NULL
);
CREATE INDEX meet_server_presence_meeting ON meet_server_presence (meeting);
CREATE INDEX meet_server_presence_open ON meet_server_presence (identity) WHERE left_at IS NULL;
CREATE INDEX meet_server_presence_left_at ON meet_server_presence (left_at);

CREATE TABLE meet_server_lease (
    name       text PRIMARY KEY,
    holder     text NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE meet_server_letter (
    id         uuid PRIMARY KEY,
    body       text NOT NULL,
    attempts   integer NOT NULL,
    due_at     timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE INDEX meet_server_letter_due_at ON meet_server_letter (due_at);

-- +goose Down
DROP TABLE meet_server_letter;
DROP TABLE meet_server_lease;
DROP TABLE meet_server_presence;
DROP TABLE meet_server_meeting;
DROP TABLE meet_server_event;
DROP TABLE meet_server_ban;
