-- KEYS: waiting, all, start of entries. ARGV: identity ('' for everybody), channel, room.
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local key = KEYS[3] .. id
  local identity = redis.call('HGET', key, 'identity')
  if not identity or ARGV[1] == '' or id == ARGV[1] or identity == ARGV[1] then
    redis.call('DEL', key)
    redis.call('ZREM', KEYS[1], id)
    redis.call('ZREM', KEYS[2], id)
    if identity and ARGV[1] ~= '' then redis.call('PUBLISH', ARGV[2], ARGV[3] .. ' ' .. id) end
  end
end
if ARGV[1] == '' then redis.call('PUBLISH', ARGV[2], ARGV[3] .. ' ') end
return 1
