-- KEYS: waiting, all, start of entries. ARGV: id, stay in ms, status, channel, room.
-- Returns for how many microseconds the entry waited, -1 when there is none.
local key = KEYS[3] .. ARGV[1]
if redis.call('EXISTS', key) == 0 then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  return -1
end
redis.call('HSET', key, 'status', ARGV[3])
redis.call('PEXPIRE', key, ARGV[2])
local since = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[1], ARGV[1])
local time = redis.call('TIME')
local waited = 0
if since then waited = math.max(0, time[1] * 1000000 + time[2] - since) end
redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2], ARGV[1])
-- the index of all entries outlives every entry
if redis.call('PTTL', KEYS[2]) < 2 * ARGV[2] then redis.call('PEXPIRE', KEYS[2], 2 * ARGV[2]) end
redis.call('PUBLISH', ARGV[4], ARGV[5] .. ' ' .. ARGV[1])
return waited
