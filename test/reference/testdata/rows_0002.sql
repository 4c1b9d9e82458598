-- What deployments of 2024 hold. Accounts by number:
--  1 2 3 share an e-mail, 3 is staff; 4 5 are staff without an e-mail, 6 a person without one;
--  7 8 9 have an empty e-mail, 9 is staff; 10 has the e-mail of 1 in capitals.
INSERT INTO meet_user (password, last_login, is_superuser, id, created_at, updated_at, sub, email, admin_email, language, timezone,
    is_device, is_staff, is_active)
SELECT COALESCE(password, '!' || repeat('x', 40)), NULL, staff, ('00000000-0000-4000-8000-0000000000' || lpad(n::text, 2, '0'))::uuid,
    '2024-07-16'::timestamptz + n * interval '1 day', '2024-07-16'::timestamptz + n * interval '1 day', sub, email, admin, lang, zone, false, staff, true
FROM (VALUES
    (1, NULL, 'ada', 'ada@example.com', NULL, false, 'en-us', 'Europe/Paris'),
    (2, NULL, 'ada-2', 'ada@example.com', NULL, false, 'fr-fr', 'UTC'),
    (3, NULL, 'ada-3', 'ada@example.com', 'ada@admin', true, 'en-us', 'UTC'),
    (4, 'pbkdf2_sha256$720000$abcdefghijklmnopqrstuv$LLUKdT26jsXPYADYp57FBE818UKeOFnO9gCIG6Hc3j0=', NULL, NULL, 'root@admin', true, 'en-us', 'UTC'),
    (5, NULL, NULL, NULL, 'second@admin', true, 'en-us', 'UTC'),
    (6, NULL, 'nobody', NULL, NULL, false, 'en-us', 'UTC'),
    (7, NULL, 'mars', '', NULL, false, 'fr-fr', 'Mars/Olympus_Mons'),
    (8, NULL, 'nowhere', '', NULL, false, 'xx', ''),
    (9, NULL, NULL, '', 'empty@admin', true, 'en-us', 'Factory'),
    (10, NULL, 'capital', 'ADA@example.com', NULL, false, 'en-us', 'UTC')
) AS u (n, password, sub, email, admin, staff, lang, zone);

INSERT INTO meet_resource (id, created_at, updated_at, is_public)
SELECT ('00000000-0000-4000-9000-00000000000' || n)::uuid, '2024-08-01', '2024-08-01', n NOT IN (2, 4) FROM generate_series(1, 5) n;
INSERT INTO meet_room (name, resource_id, slug, configuration) VALUES
    ('Open', '00000000-0000-4000-9000-000000000001', 'open', '{"screen": {"deep": [1]}, "everyone_can_mute": "perhaps", "can_publish_sources": 7}'),
    ('Closed', '00000000-0000-4000-9000-000000000002', 'closed', '{}'),
    ('日本', '00000000-0000-4000-9000-000000000003', '', '[1, 2]'),
    ('Nameless', '00000000-0000-4000-9000-000000000004', NULL, '"text"'),
    ('Null', '00000000-0000-4000-9000-000000000005', 'null', 'null');

INSERT INTO meet_resource_access (id, created_at, updated_at, role, resource_id, user_id)
SELECT ('00000000-0000-4000-a000-0000000000' || lpad(n::text, 2, '0'))::uuid, '2024-08-02', '2024-08-02', role,
    ('00000000-0000-4000-9000-00000000000' || room)::uuid, ('00000000-0000-4000-8000-0000000000' || lpad(who::text, 2, '0'))::uuid
FROM (VALUES
    (1, 'member', 1, 1), (2, 'owner', 1, 2), (3, 'administrator', 1, 3), -- ends as owner
    (4, 'administrator', 2, 2), (5, 'owner', 2, 6),                      -- moves
    (6, 'owner', 3, 1), (7, 'member', 3, 3),                             -- stays
    (8, 'member', 4, 2), (9, 'administrator', 4, 3),                     -- moves, then rises
    (10, 'administrator', 5, 1), (11, 'member', 5, 2), (12, 'owner', 5, 7)
) AS a (n, role, room, who);

INSERT INTO django_content_type (app_label, model) VALUES ('core', 'room');
INSERT INTO auth_group (name) VALUES ('support');
INSERT INTO auth_permission (name, content_type_id, codename) VALUES ('Can add Room', 1, 'add_room');
INSERT INTO meet_user_groups (user_id, group_id) SELECT id, 1 FROM meet_user WHERE is_staff;
INSERT INTO meet_user_user_permissions (user_id, permission_id) SELECT id, 1 FROM meet_user WHERE is_staff;
INSERT INTO django_admin_log (action_time, object_id, object_repr, action_flag, change_message, content_type_id, user_id)
    SELECT now(), '1', 'Open', 2, '[]', 1, id FROM meet_user WHERE is_staff;
INSERT INTO django_site (domain, name) VALUES ('example.com', 'example.com');
