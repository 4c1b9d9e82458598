-- +goose Up
-- Who did what to which room or access, from where. Rows are never changed, but that they get their seal, and never deleted,
-- but sealed ones of which the newest sealed one that says so tells that they are forgotten.

CREATE TABLE meet_server_deed (
    id         uuid PRIMARY KEY,
    at         timestamp with time zone NOT NULL,
    actor      uuid,
    action     text NOT NULL,
    room       uuid,
    subject    text NOT NULL,
    details    text NOT NULL,
    address    text NOT NULL,
    request_id text NOT NULL,
    number     bigint UNIQUE,
    digest     text,
    previous   text
);
CREATE INDEX meet_server_deed_open ON meet_server_deed (at, id) WHERE number IS NULL;
CREATE INDEX meet_server_deed_room ON meet_server_deed (room, number);
CREATE INDEX meet_server_deed_at ON meet_server_deed (at);

-- +goose StatementBegin
CREATE FUNCTION meet_server_deed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.number IS NOT NULL OR (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.room, NEW.subject, NEW.details, NEW.address, NEW.request_id)
        IS DISTINCT FROM (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.room, OLD.subject, OLD.details, OLD.address, OLD.request_id) THEN
        RAISE EXCEPTION 'what was done stays written down';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER meet_server_deed_stays BEFORE UPDATE ON meet_server_deed FOR EACH ROW EXECUTE FUNCTION meet_server_deed_stays();

CREATE INDEX meet_server_deed_forgotten ON meet_server_deed (number) WHERE action = 'record_forgotten';

-- +goose StatementBegin
CREATE FUNCTION meet_server_deed_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.number <= (SELECT (details::json->>'up_to')::bigint FROM meet_server_deed
        WHERE action = 'record_forgotten' AND number IS NOT NULL ORDER BY number DESC LIMIT 1) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'what was done stays written down';
END $$;
-- +goose StatementEnd
CREATE TRIGGER meet_server_deed_kept BEFORE DELETE ON meet_server_deed FOR EACH ROW EXECUTE FUNCTION meet_server_deed_kept();
CREATE TRIGGER meet_server_deed_whole BEFORE TRUNCATE ON meet_server_deed FOR EACH STATEMENT EXECUTE FUNCTION meet_server_deed_kept();

-- +goose Down
DROP TABLE meet_server_deed;
DROP FUNCTION meet_server_deed_stays;
DROP FUNCTION meet_server_deed_kept;
