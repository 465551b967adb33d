-- wrk: completes a work order at each request; FIRST is the number of the first that nobody completed yet.
local headers = {
  ["Authorization"] = "Bearer " .. os.getenv("TOKEN"),
  ["Content-Type"] = "application/json",
}
local counter = tonumber(os.getenv("FIRST")) - 1
local body = '{"resolution":"Replaced the washer"}'

request = function()
  counter = counter + 1
  local id = string.format("00000000-0000-7000-8000-%012x", counter)
  return wrk.format("POST", "/api/hs/app/v1/work-orders/" .. id .. "/actions/complete", headers, body)
end

done = dofile("Benchmarks/report.lua")
