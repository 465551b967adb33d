-- wrk: reads one of the 1,000 customers, another at each request. TOKEN and RECORDS, their path, come from the
-- environment.
local token = os.getenv("TOKEN")
local headers = { ["Authorization"] = "Bearer " .. token }
local records = os.getenv("RECORDS") or "/api/hs/app/v1/customers"
local requests = {}

init = function()
  math.randomseed(7)
  for n = 1, 1000 do
    local path = string.format("%s/00000000-0000-7000-8000-%012x", records, n)
    requests[n] = wrk.format("GET", path, headers)
  end
end

request = function()
  return requests[math.random(1000)]
end

done = dofile("Benchmarks/report.lua")
