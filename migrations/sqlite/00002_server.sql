-- +goose Up
-- What this server keeps besides the reference's tables.

CREATE TABLE meet_server_session (
    session_key TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES meet_user (id) ON DELETE CASCADE,
    sid         TEXT NOT NULL,
    data        text NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL
);
CREATE INDEX meet_server_session_user_id ON meet_server_session (user_id);
CREATE INDEX meet_server_session_sid ON meet_server_session (sid);
CREATE INDEX meet_server_session_expires_at ON meet_server_session (expires_at);

CREATE TABLE meet_server_mark (
    mark       TEXT PRIMARY KEY,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX meet_server_mark_expires_at ON meet_server_mark (expires_at);

CREATE TABLE meet_server_callback (
    secret     TEXT PRIMARY KEY,
    slug       TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX meet_server_callback_expires_at ON meet_server_callback (expires_at);

-- People are looked up by e-mail whatever its case.
CREATE INDEX meet_server_user_email ON meet_user (UPPER(email));

-- +goose Down
DROP INDEX meet_server_user_email;
DROP TABLE meet_server_callback;
DROP TABLE meet_server_mark;
DROP TABLE meet_server_session;
