-- KEYS: waiting, all, start of entries. ARGV: for how many ms the place of an expired entry is kept.
local time = redis.call('TIME')
local now, kept = time[1] * 1000 + math.floor(time[2] / 1000), tonumber(ARGV[1])
local list = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local e = redis.call('HMGET', KEYS[3] .. id, 'id', 'username', 'color', 'status', 'identity')
  if e[1] and e[4] == 'waiting' then
    list[#list + 1] = e
  elseif e[1] then
    redis.call('ZREM', KEYS[1], id)
  else
    local due = tonumber(redis.call('ZSCORE', KEYS[2], id) or 0)
    if due <= now then
      redis.call('ZREM', KEYS[1], id)
      redis.call('ZREM', KEYS[2], id)
    elseif due > now + kept then
      redis.call('ZADD', KEYS[2], now + kept, id)
    end
  end
end
return list
