CREATE TABLE meet_application (
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    name varchar(255) NOT NULL,
    active boolean NOT NULL,
    client_id varchar(100) NOT NULL,
    client_secret varchar(255) NOT NULL,
    scopes varchar(50)[] NOT NULL,
    CONSTRAINT meet_application_pkey PRIMARY KEY (id),
    CONSTRAINT meet_application_client_id_key UNIQUE (client_id)
);
CREATE INDEX meet_application_client_id_969b3d34_like ON meet_application (client_id varchar_pattern_ops);

CREATE TABLE meet_application_domain (
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    domain varchar(253) NOT NULL,
    application_id uuid NOT NULL,
    CONSTRAINT meet_application_domain_pkey PRIMARY KEY (id),
    CONSTRAINT meet_application_domain_application_id_domain_5a0e480e_uniq UNIQUE (application_id, domain),
    CONSTRAINT meet_application_dom_application_id_eb292e63_fk_meet_appl FOREIGN KEY (application_id)
        REFERENCES meet_application (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX meet_application_domain_application_id_eb292e63 ON meet_application_domain (application_id);
