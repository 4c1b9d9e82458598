ALTER TABLE meet_recording ADD COLUMN external_process_id varchar(255);
ALTER TABLE meet_recording ADD CONSTRAINT meet_recording_external_process_id_key UNIQUE (external_process_id);
CREATE INDEX meet_recording_external_process_id_13bddc51_like
    ON meet_recording (external_process_id varchar_pattern_ops);
