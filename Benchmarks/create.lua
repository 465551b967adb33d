-- wrk: creates a customer at each request, with its audit entry.
local counter = 0

wrk.method = "POST"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
wrk.headers["Content-Type"] = "application/json"

request = function()
  counter = counter + 1
  return wrk.format(nil, nil, nil, '{"display_name":"Customer ' .. counter .. '","email":"c' .. counter .. '@example.com"}')
end

done = dofile("Benchmarks/report.lua")
