-- KEYS: waiting, all, start of entries. ARGV: identity, the status of those who were let in.
-- Returns 1 for the identity of one of them.
local id = redis.call('GET', KEYS[3] .. 'of:' .. ARGV[1])
if not id then return 0 end
local e = redis.call('HMGET', KEYS[3] .. id, 'status', 'identity')
if e[1] == ARGV[2] and e[2] == ARGV[1] then return 1 end
return 0
