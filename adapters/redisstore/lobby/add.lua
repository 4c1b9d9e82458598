-- KEYS: waiting, all, start of entries, this entry, and for each network with a share the set of its entries.
-- ARGV: id, stay in ms, username, color, status, identity, channel, room, most that may wait,
-- for how many ms the place of an expired entry is kept, and for each of those networks its places.
-- Entries of others are found by ids in the sets: their keys have the hash tag of all the others.
local key = KEYS[4]
local e = redis.call('HMGET', key, 'id', 'username', 'color', 'status', 'identity')
if e[1] then return e end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- lets an id go of which the entry has expired, once its place is not kept any more
local function release(id, kept)
  if redis.call('EXISTS', KEYS[3] .. id) == 1 then return end
  local due = tonumber(redis.call('ZSCORE', KEYS[2], id) or 0)
  if kept == 0 or due <= now then
    redis.call('ZREM', KEYS[1], id)
    redis.call('ZREM', KEYS[2], id)
  elseif due > now + kept then
    redis.call('ZADD', KEYS[2], now + kept, id)
  end
end
-- entries expire silently: some of their ids are let go at each knock
for _, id in ipairs(redis.call('ZRANDMEMBER', KEYS[1], 5)) do
  if id ~= ARGV[1] then release(id, tonumber(ARGV[10])) end
end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[9]) then
  for _, id in ipairs(redis.call('ZRANDMEMBER', KEYS[1], 50)) do release(id, 0) end
  if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[9]) then return {'full'} end
end
for i = 5, #KEYS do
  local from, places = KEYS[i], tonumber(ARGV[i + 6])
  if redis.call('SCARD', from) >= places then
    for _, id in ipairs(redis.call('SMEMBERS', from)) do
      if redis.call('HGET', KEYS[3] .. id, 'status') ~= 'waiting' then redis.call('SREM', from, id) end
    end
    if redis.call('SCARD', from) >= places then return {'full'} end
  end
end
redis.call('HSET', key, 'id', ARGV[1], 'username', ARGV[3], 'color', ARGV[4], 'status', ARGV[5], 'identity', ARGV[6])
redis.call('PEXPIRE', key, ARGV[2])
local day = 86400000 -- nobody waits longer
for i = 5, #KEYS do
  redis.call('SADD', KEYS[i], ARGV[1])
  redis.call('PEXPIRE', KEYS[i], day)
end
redis.call('ZADD', KEYS[1], 'NX', time[1] * 1000000 + time[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + day, ARGV[1])
for i = 1, 2 do
  if redis.call('PTTL', KEYS[i]) < day then redis.call('PEXPIRE', KEYS[i], 2 * day) end
end
redis.call('PUBLISH', ARGV[7], ARGV[8] .. ' ' .. ARGV[1])
return {}
