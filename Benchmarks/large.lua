-- wrk: creates a customer with a body of 64 KB, most of it white space that the reader has to pass.
local headers = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/json" }
local body = '{"display_name":"Customer","notes":"' .. string.rep("n", 4000) .. '"' .. string.rep(" ", 61400) .. "}"

request = function()
  return wrk.format("POST", "/api/hs/app/v1/customers", headers, body)
end

done = dofile("Benchmarks/report.lua")
