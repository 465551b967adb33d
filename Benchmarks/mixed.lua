-- wrk: a day at the desk. Of ten requests six read a customer, two a page, one creates and one changes one.
local token = "Bearer " .. os.getenv("TOKEN")
local reading = { ["Authorization"] = token }
local creating = { ["Authorization"] = token, ["Content-Type"] = "application/json" }
local changing = { ["Authorization"] = token, ["Content-Type"] = "application/json" }
local customers = "/api/hs/app/v1/customers"
local versions = {}
local counter = 0

local function id(n) return string.format("00000000-0000-7000-8000-%012x", n % 1000 + 1) end

request = function()
  counter = counter + 1
  local kind = counter % 10
  if kind == 0 then
    return wrk.format("POST", customers, creating, '{"display_name":"Customer ' .. counter .. '"}')
  end
  if kind == 5 then
    local record = id(counter / 10)
    changing["If-Match"] = '"' .. (versions[record] or 1) .. '"'
    return wrk.format("PATCH", customers .. "/" .. record, changing, '{"notes":"Called ' .. counter .. ' times"}')
  end
  if kind == 3 or kind == 8 then return wrk.format("GET", customers .. "?limit=20", reading) end
  return wrk.format("GET", customers .. "/" .. id(math.random(1000)), reading)
end

response = function(status, headers, body)
  local record, version = body:match('^{"data":{"id":"([^"]+)","version":(%d+)')
  if not record then record, version = body:match('^{"id":"([^"]+)","version":(%d+)') end
  if record then versions[record] = version end
end

done = dofile("Benchmarks/report.lua")
