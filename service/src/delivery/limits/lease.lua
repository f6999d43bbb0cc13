-- A bucket that all nodes share: until when its requests have used up their time, in microseconds of Redis' own clock.
-- KEYS: the bucket. ARGV: requests a second; requests at once; tokens that the node puts back, or below zero those that it
-- owes; tokens that it wants; how many buckets may be owed. Answers how many it gets, and how many are left then.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local cost = 1000000 / ARGV[1]
local full = cost * ARGV[2]
local spent = tonumber(redis.call('GET', KEYS[1]) or now)
spent = math.max(spent, now) - cost * ARGV[3]
spent = math.min(math.max(spent, now), now + full * (1 + ARGV[5]))
-- The thousandth is for what is lost in fractions.
local left = math.floor((now + full - spent) / cost + 0.001)
local granted = math.max(0, math.min(left, tonumber(ARGV[4])))
spent = spent + cost * granted
if spent > now then
  redis.call('SET', KEYS[1], string.format('%.3f', spent), 'PX', math.ceil((spent - now) / 1000))
else
  redis.call('DEL', KEYS[1])
end
return {granted, left - granted}
