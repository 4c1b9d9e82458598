CREATE TABLE meet_recording (
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    status varchar(20) NOT NULL,
    worker_id varchar(255),
    room_id uuid NOT NULL,
    CONSTRAINT meet_recording_pkey PRIMARY KEY (id),
    CONSTRAINT meet_recording_room_id_da801198_fk_meet_room_resource_id FOREIGN KEY (room_id)
        REFERENCES meet_room (resource_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX meet_recording_room_id_da801198 ON meet_recording (room_id);
CREATE UNIQUE INDEX unique_initiated_or_active_recording_per_room
    ON meet_recording (room_id) WHERE status IN ('active', 'initiated');

CREATE TABLE meet_recording_access (
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    team varchar(100) NOT NULL,
    role varchar(20) NOT NULL,
    recording_id uuid NOT NULL,
    user_id uuid,
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
