-- KEYS: waiting, all, start of entries.
local list = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local e = redis.call('HMGET', KEYS[3] .. id, 'id', 'username', 'color', 'status', 'identity')
  if e[1] and e[4] == 'waiting' then
    list[#list + 1] = e
  else
    redis.call('ZREM', KEYS[1], id)
    if not e[1] then redis.call('ZREM', KEYS[2], id) end
  end
end
return list
