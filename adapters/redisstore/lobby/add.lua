-- KEYS: waiting, all, start of entries.
-- ARGV: id, stay in ms, username, color, status, identity, channel, room, most that may wait.
local key = KEYS[3] .. ARGV[1]
local e = redis.call('HMGET', key, 'id', 'username', 'color', 'status', 'identity')
if e[1] then return e end
-- entries expire silently: some of their ids are let go at each knock
for _, id in ipairs(redis.call('ZRANDMEMBER', KEYS[1], 5)) do
  if redis.call('EXISTS', KEYS[3] .. id) == 0 then
    redis.call('ZREM', KEYS[1], id)
    redis.call('ZREM', KEYS[2], id)
  end
end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[9]) then return {'full'} end
redis.call('HSET', key, 'id', ARGV[1], 'username', ARGV[3], 'color', ARGV[4], 'status', ARGV[5], 'identity', ARGV[6])
redis.call('PEXPIRE', key, ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local day = 86400000 -- nobody waits longer
redis.call('ZADD', KEYS[1], time[1] * 1000000 + time[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + day, ARGV[1])
for i = 1, 2 do
  if redis.call('PTTL', KEYS[i]) < day then redis.call('PEXPIRE', KEYS[i], 2 * day) end
end
redis.call('PUBLISH', ARGV[7], ARGV[8] .. ' ' .. ARGV[1])
return {}
