-- The tables the application works with, for an empty SQLite database.
--
-- Tables, columns and names are those of PostgreSQL, so that one query text
-- serves both. SQLite ignores lengths and knows neither uuid, jsonb nor
-- arrays: uuids, JSON and arrays (as JSON) are text here, CHECKs keep lengths
-- and JSON sound. Foreign keys are checked at COMMIT, only on connections
-- that switched them on (PRAGMA foreign_keys), and never cascade.

-- ---------------------------------------------------------------------------
-- People
-- ---------------------------------------------------------------------------

-- People who meet, and staff of the admin site. People sign in through OIDC
-- and are known by sub, staff by admin_email and password. Neither sub nor
-- admin_email: pending, made by an application for an e-mail and claimed at
-- the first sign-in. The password of a person is "!" and noise, never empty.
CREATE TABLE meet_user (
    password TEXT NOT NULL CHECK (length(password) <= 128),
    last_login TIMESTAMP,
    is_superuser BOOLEAN NOT NULL,
    id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    sub TEXT CHECK (length(sub) <= 255),
    email TEXT CHECK (length(email) <= 254),
    admin_email TEXT CHECK (length(admin_email) <= 254),
    language TEXT NOT NULL CHECK (length(language) <= 10),
    timezone TEXT NOT NULL CHECK (length(timezone) <= 63),
    is_device BOOLEAN NOT NULL,
    is_staff BOOLEAN NOT NULL,
    is_active BOOLEAN NOT NULL,
    full_name TEXT CHECK (length(full_name) <= 100),
    short_name TEXT CHECK (length(short_name) <= 100),
    default_room_access_level TEXT CHECK (length(default_room_access_level) <= 50),
    default_room_configuration TEXT NOT NULL CHECK (json_valid(default_room_configuration)),
    CONSTRAINT meet_user_pkey PRIMARY KEY (id),
    CONSTRAINT meet_user_sub_key UNIQUE (sub),
    CONSTRAINT meet_user_admin_email_key UNIQUE (admin_email)
);
-- One pending user per e-mail. People who signed in may share theirs.
CREATE UNIQUE INDEX unique_email_when_sub_is_null ON meet_user (lower(email)) WHERE sub IS NULL;

-- ---------------------------------------------------------------------------
-- Rooms
-- ---------------------------------------------------------------------------

-- What access rights are given on. Holds the id and the times of every room.
CREATE TABLE meet_resource (
    id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CONSTRAINT meet_resource_pkey PRIMARY KEY (id)
);

-- A room is a resource: both rows carry the same id and are written together.
-- access_level is public, trusted (whoever signed in) or restricted (members,
-- others wait in the lobby). slug follows from name, pin_code is for phones.
CREATE TABLE meet_room (
    name TEXT NOT NULL CHECK (length(name) <= 500),
    resource_id TEXT NOT NULL,
    slug TEXT CHECK (length(slug) <= 100),
    configuration TEXT NOT NULL CHECK (json_valid(configuration)),
    access_level TEXT NOT NULL CHECK (length(access_level) <= 50),
    pin_code TEXT,
    CONSTRAINT meet_room_pkey PRIMARY KEY (resource_id),
    CONSTRAINT meet_room_slug_key UNIQUE (slug),
    CONSTRAINT meet_room_pin_code_key UNIQUE (pin_code),
    CONSTRAINT meet_room_resource_id_aa65851e_fk_meet_resource_id FOREIGN KEY (resource_id)
        REFERENCES meet_resource (id) DEFERRABLE INITIALLY DEFERRED
);

-- The role of a user on a resource: member, administrator or owner.
CREATE TABLE meet_resource_access (
    id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    role TEXT NOT NULL CHECK (length(role) <= 20),
    resource_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    CONSTRAINT meet_resource_access_pkey PRIMARY KEY (id),
    CONSTRAINT resource_access_unique_user_resource UNIQUE (user_id, resource_id),
    CONSTRAINT meet_resource_access_resource_id_abc11f99_fk_meet_resource_id FOREIGN KEY (resource_id)
        REFERENCES meet_resource (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT meet_resource_access_user_id_bd3ddee7_fk_meet_user_id FOREIGN KEY (user_id)
        REFERENCES meet_user (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX meet_resource_access_resource_id_abc11f99 ON meet_resource_access (resource_id);
CREATE INDEX meet_resource_access_user_id_bd3ddee7 ON meet_resource_access (user_id);

-- ---------------------------------------------------------------------------
-- Recordings
-- ---------------------------------------------------------------------------

-- A recording of a room. Its id names the object in storage, worker_id is the
-- LiveKit egress, external_process_id the job of the summary service.
CREATE TABLE meet_recording (
    id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    status TEXT NOT NULL CHECK (length(status) <= 50),
    worker_id TEXT CHECK (length(worker_id) <= 255),
    room_id TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (length(mode) <= 20),
    options TEXT NOT NULL CHECK (json_valid(options)),
    external_process_id TEXT CHECK (length(external_process_id) <= 255),
    CONSTRAINT meet_recording_pkey PRIMARY KEY (id),
    CONSTRAINT meet_recording_external_process_id_key UNIQUE (external_process_id),
    CONSTRAINT meet_recording_room_id_da801198_fk_meet_room_resource_id FOREIGN KEY (room_id)
        REFERENCES meet_room (resource_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX meet_recording_room_id_da801198 ON meet_recording (room_id);
-- The lock against two running recordings of one room.
CREATE UNIQUE INDEX unique_initiated_or_active_recording_per_room
    ON meet_recording (room_id) WHERE status IN ('active', 'initiated');

-- The role of a user, or of a team, on a recording. team is empty for a user.
CREATE TABLE meet_recording_access (
    id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    team TEXT NOT NULL CHECK (length(team) <= 100),
    role TEXT NOT NULL CHECK (length(role) <= 20),
    recording_id TEXT NOT NULL,
    user_id TEXT,
    CONSTRAINT meet_recording_access_pkey PRIMARY KEY (id),
    CONSTRAINT check_recording_access_either_user_or_team
        CHECK ((team = '' AND user_id IS NOT NULL) OR (team > '' AND user_id IS NULL)),
    CONSTRAINT meet_recording_acces_recording_id_33e1d77b_fk_meet_reco FOREIGN KEY (recording_id)
        REFERENCES meet_recording (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT meet_recording_access_user_id_5dd53034_fk_meet_user_id FOREIGN KEY (user_id)
        REFERENCES meet_user (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX unique_recording_user
    ON meet_recording_access (user_id, recording_id) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX unique_recording_team
    ON meet_recording_access (team, recording_id) WHERE team > '';
CREATE INDEX meet_recording_access_recording_id_33e1d77b ON meet_recording_access (recording_id);
CREATE INDEX meet_recording_access_user_id_5dd53034 ON meet_recording_access (user_id);

-- ---------------------------------------------------------------------------
-- Applications
-- ---------------------------------------------------------------------------

-- Software of others that calls the external API. client_secret is a hash,
-- scopes say what the application may do with rooms.
CREATE TABLE meet_application (
    id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    name TEXT NOT NULL CHECK (length(name) <= 255),
    is_active BOOLEAN NOT NULL,
    client_id TEXT NOT NULL CHECK (length(client_id) <= 100),
    client_secret TEXT NOT NULL CHECK (length(client_secret) <= 255),
    scopes TEXT NOT NULL CHECK (json_valid(scopes) AND json_type(scopes) = 'array'),
    CONSTRAINT meet_application_pkey PRIMARY KEY (id),
    CONSTRAINT meet_application_client_id_key UNIQUE (client_id)
);

-- E-mail domains an application may act for. No row means any domain.
CREATE TABLE meet_application_domain (
    id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    domain TEXT NOT NULL CHECK (length(domain) <= 253),
    application_id TEXT NOT NULL,
    CONSTRAINT meet_application_domain_pkey PRIMARY KEY (id),
    CONSTRAINT meet_application_domain_application_id_domain_5a0e480e_uniq UNIQUE (application_id, domain),
    CONSTRAINT meet_application_dom_application_id_eb292e63_fk_meet_appl FOREIGN KEY (application_id)
        REFERENCES meet_application (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX meet_application_domain_application_id_eb292e63 ON meet_application_domain (application_id);

-- ---------------------------------------------------------------------------
-- Files
-- ---------------------------------------------------------------------------

-- Background images that users upload. deleted_at hides a file from its owner,
-- hard_deleted_at asks for the object and the row to be removed.
CREATE TABLE "file" (
    id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    type TEXT NOT NULL CHECK (length(type) <= 25),
    title TEXT NOT NULL CHECK (length(title) <= 255),
    deleted_at TIMESTAMP,
    hard_deleted_at TIMESTAMP,
    filename TEXT NOT NULL CHECK (length(filename) <= 255),
    upload_state TEXT NOT NULL CHECK (length(upload_state) <= 25),
    mimetype TEXT CHECK (length(mimetype) <= 255),
    size BIGINT,
    description TEXT,
    malware_detection_info TEXT CHECK (malware_detection_info IS NULL OR json_valid(malware_detection_info)),
    creator_id TEXT,
    CONSTRAINT file_pkey PRIMARY KEY (id),
    CONSTRAINT file_creator_id_28732570_fk_meet_user_id FOREIGN KEY (creator_id)
        REFERENCES meet_user (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX file_creator_id_28732570 ON "file" (creator_id);
CREATE INDEX file_creator_730cce_idx ON "file" (creator_id, type, created_at DESC);
