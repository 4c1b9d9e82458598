-- What deployments of 2026 hold, from core 0018 on.
INSERT INTO meet_user (password, last_login, is_superuser, id, created_at, updated_at, sub, email, admin_email, language, timezone,
    is_device, is_staff, is_active, full_name, short_name) VALUES
    ('!x', NULL, false, '00000000-0000-4000-8000-000000000001', '2026-04-01', '2026-04-01', 'ada', 'ada@example.com', NULL, 'de-de', 'Europe/Paris', false, false, true, 'Ada L', 'Ada'),
    ('!y', NULL, false, '00000000-0000-4000-8000-000000000002', '2026-04-02', '2026-04-02', NULL, 'ada@example.com', NULL, 'nl-nl', 'UTC', false, false, true, NULL, NULL),
    ('!z', NULL, false, '00000000-0000-4000-8000-000000000003', '2026-04-02', '2026-04-02', 'ada-2', 'ada@example.com', NULL, 'nl-nl', 'Nowhere/City', true, false, false, NULL, NULL);
INSERT INTO meet_resource VALUES
    ('00000000-0000-4000-9000-000000000001', '2026-04-01', '2026-04-01'), ('00000000-0000-4000-9000-000000000002', '2026-04-01', '2026-04-01');
INSERT INTO meet_room (name, resource_id, slug, configuration, access_level, pin_code) VALUES
    ('One', '00000000-0000-4000-9000-000000000001', 'one', '{"old": 1}', 'trusted', '0000000001'),
    ('Two', '00000000-0000-4000-9000-000000000002', 'two', '{}', 'restricted', NULL);
INSERT INTO meet_resource_access VALUES
    ('00000000-0000-4000-a000-000000000001', '2026-04-01', '2026-04-01', 'owner', '00000000-0000-4000-9000-000000000001', '00000000-0000-4000-8000-000000000001'),
    ('00000000-0000-4000-a000-000000000002', '2026-04-01', '2026-04-01', 'member', '00000000-0000-4000-9000-000000000001', '00000000-0000-4000-8000-000000000003');
INSERT INTO meet_recording (id, created_at, updated_at, status, worker_id, room_id, mode, options) VALUES
    ('00000000-0000-4000-b000-000000000001', '2026-04-01', '2026-04-01', 'active', 'EG_1', '00000000-0000-4000-9000-000000000001', 'screen_recording', '{"language": "fr", "transcribe": true}'),
    ('00000000-0000-4000-b000-000000000002', '2026-04-01', '2026-04-01', 'notification_succeeded', NULL, '00000000-0000-4000-9000-000000000001', 'transcript', '{}');
INSERT INTO meet_recording_access (id, created_at, updated_at, team, role, recording_id, user_id) VALUES
    ('00000000-0000-4000-c000-000000000001', '2026-04-01', '2026-04-01', '', 'owner', '00000000-0000-4000-b000-000000000001', '00000000-0000-4000-8000-000000000001'),
    ('00000000-0000-4000-c000-000000000002', '2026-04-01', '2026-04-01', 'crew', 'member', '00000000-0000-4000-b000-000000000001', NULL);
INSERT INTO meet_application (id, created_at, updated_at, name, is_active, client_id, client_secret, scopes) VALUES
    ('00000000-0000-4000-d000-000000000001', '2026-04-01', '2026-04-01', 'Calendar', true, 'calendar',
     'pbkdf2_sha256$1000000$ZYXWVUTSRQPONMLKJIHGFE$OXQrGiQAP3MOzGuJ/6NV/6QeQBD4Gz0VWtQIX+5iYBc=', '{rooms:list,rooms:create}');
INSERT INTO meet_application_domain VALUES
    ('00000000-0000-4000-d100-000000000001', '2026-04-01', '2026-04-01', 'example.com', '00000000-0000-4000-d000-000000000001');
INSERT INTO "file" VALUES
    ('00000000-0000-4000-e000-000000000001', '2026-04-01', '2026-04-01', 'background_image', 'Beach', NULL, NULL, 'beach.png', 'ready', 'image/png', 1234, NULL, '{}', '00000000-0000-4000-8000-000000000001'),
    ('00000000-0000-4000-e000-000000000002', '2026-04-01', '2026-04-01', 'background_image', 'Gone', '2026-04-02', '2026-04-03', 'gone.png', 'pending', NULL, NULL, NULL, NULL, NULL);
INSERT INTO django_session VALUES ('abc', 'data', '2026-05-01');
