-- wrk: reads one of 100 customers of one of many businesses, another at each request. TOKEN has their tokens.
local requests = {}

init = function()
  math.randomseed(7)
  for token in os.getenv("TOKEN"):gmatch("[^,]+") do
    local headers = { ["Authorization"] = "Bearer " .. token }
    for n = 1, 100 do
      local path = string.format("/api/core/app/v1/parties/00000000-0000-7000-8000-%012x", n)
      requests[#requests + 1] = wrk.format("GET", path, headers)
    end
  end
end

request = function()
  return requests[math.random(#requests)]
end

done = dofile("Benchmarks/report.lua")
