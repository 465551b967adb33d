-- wrk: reads the first 20 customers.
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")

done = dofile("Benchmarks/report.lua")
