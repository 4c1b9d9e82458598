-- KEYS: a key that begins as a lobby's and never exists. ARGV: channel.
-- Fails when we may not write keys or tell of changes. Whoever listens ignores a message without a room.
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[1], '')
return 1
