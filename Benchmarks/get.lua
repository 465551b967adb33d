-- wrk: gets what the address says, with a credential.
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")

done = dofile("Benchmarks/report.lua")
