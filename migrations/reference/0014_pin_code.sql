ALTER TABLE meet_room ADD CONSTRAINT meet_room_pin_code_key UNIQUE (pin_code);
CREATE INDEX meet_room_pin_code_32bf1b05_like ON meet_room (pin_code varchar_pattern_ops);
