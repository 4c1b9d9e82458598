-- KEYS: waiting, all, start of entries. ARGV: id, stay in ms (0: only look).
local key = KEYS[3] .. ARGV[1]
local e = redis.call('HMGET', key, 'id', 'username', 'color', 'status', 'identity')
if not e[1] then return {} end
if e[4] == 'waiting' and tonumber(ARGV[2]) > 0 then
  redis.call('PEXPIRE', key, ARGV[2])
end
return e
