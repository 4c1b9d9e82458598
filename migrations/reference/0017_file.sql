CREATE TABLE "file" (
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    type varchar(25) NOT NULL,
    title varchar(255) NOT NULL,
    deleted_at timestamptz,
    hard_deleted_at timestamptz,
    filename varchar(255) NOT NULL,
    upload_state varchar(25) NOT NULL,
    mimetype varchar(255),
    size bigint,
    description text,
    malware_detection_info jsonb,
    creator_id uuid,
    CONSTRAINT file_pkey PRIMARY KEY (id),
    CONSTRAINT file_creator_id_28732570_fk_meet_user_id FOREIGN KEY (creator_id)
        REFERENCES meet_user (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX file_creator_id_28732570 ON "file" (creator_id);
CREATE INDEX file_creator_730cce_idx ON "file" (creator_id, type, created_at DESC);
