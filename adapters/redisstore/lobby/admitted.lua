-- KEYS: waiting, all, start of entries. ARGV: identity, the status of those who were let in.
-- Returns 1 when any entry of the identity was let in: a person has one for each of their browsers.
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local e = redis.call('HMGET', KEYS[3] .. id, 'status', 'identity')
  if e[1] == ARGV[2] and e[2] == ARGV[1] then return 1 end
end
return 0
