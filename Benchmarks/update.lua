-- wrk: changes one of the 1,000 customers, the next at each request, with the version that its last answer gave.
local headers = {
  ["Authorization"] = "Bearer " .. os.getenv("TOKEN"),
  ["Content-Type"] = "application/json",
}
local versions = {}
local counter = 0

request = function()
  counter = counter + 1
  local id = string.format("00000000-0000-7000-8000-%012x", counter % 1000 + 1)
  headers["If-Match"] = '"' .. (versions[id] or 1) .. '"'
  return wrk.format(
    "PATCH", "/api/hs/app/v1/customers/" .. id, headers, '{"notes":"Called ' .. counter .. ' times"}')
end

response = function(status, headers, body)
  local id, version = body:match('"id":"([^"]+)","version":(%d+)')
  if id then versions[id] = version end
end

done = dofile("Benchmarks/report.lua")
