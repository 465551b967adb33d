-- wrk: reads one of RARE customers, another at each request: more than an answer is kept for. TOKEN is from the
-- environment.
local headers = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN") }
local count = tonumber(os.getenv("RARE"))

init = function()
  math.randomseed(os.time())
end

request = function()
  local path = string.format("/api/hs/app/v1/customers/00000000-0000-7000-8000-%012x", math.random(count))
  return wrk.format("GET", path, headers)
end

done = dofile("Benchmarks/report.lua")
