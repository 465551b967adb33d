-- wrk: signs in with a password. EMAIL and PASSWORD come from the environment.
local body = string.format('{"email":"%s","password":"%s"}', os.getenv("EMAIL"), os.getenv("PASSWORD"))

request = function()
  return wrk.format("POST", "/api/public/v1/sessions", { ["Content-Type"] = "application/json" }, body)
end

done = dofile("Benchmarks/report.lua")
