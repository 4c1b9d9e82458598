-- +goose Up
-- Who did what to which room or access, from where. Rows are never changed, but that they get their seal, and never deleted,
-- but sealed ones of which the newest sealed one that says so tells that they are forgotten.

CREATE TABLE meet_server_deed (
    id         UUID PRIMARY KEY,
    at         TIMESTAMP NOT NULL,
    actor      UUID,
    action     TEXT NOT NULL,
    room       UUID,
    subject    TEXT NOT NULL,
    details    TEXT NOT NULL,
    address    TEXT NOT NULL,
    request_id TEXT NOT NULL,
    number     BIGINT UNIQUE,
    digest     TEXT,
    previous   TEXT
);
CREATE INDEX meet_server_deed_open ON meet_server_deed (at, id) WHERE number IS NULL;
CREATE INDEX meet_server_deed_room ON meet_server_deed (room, number);
CREATE INDEX meet_server_deed_at ON meet_server_deed (at);

-- +goose StatementBegin
CREATE TRIGGER meet_server_deed_stays BEFORE UPDATE ON meet_server_deed FOR EACH ROW
WHEN OLD.number IS NOT NULL OR (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.room, NEW.subject, NEW.details, NEW.address, NEW.request_id)
    IS NOT (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.room, OLD.subject, OLD.details, OLD.address, OLD.request_id)
BEGIN
    SELECT RAISE(ABORT, 'what was done stays written down');
END;
-- +goose StatementEnd

CREATE INDEX meet_server_deed_forgotten ON meet_server_deed (number) WHERE action = 'record_forgotten';

-- +goose StatementBegin
CREATE TRIGGER meet_server_deed_kept BEFORE DELETE ON meet_server_deed FOR EACH ROW
WHEN OLD.number IS NULL OR OLD.number > COALESCE((SELECT CAST(json_extract(details, '$.up_to') AS INTEGER) FROM meet_server_deed
    WHERE action = 'record_forgotten' AND number IS NOT NULL ORDER BY number DESC LIMIT 1), 0)
BEGIN
    SELECT RAISE(ABORT, 'what was done stays written down');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE meet_server_deed;
