-- Prints one line of JSON with what a run showed; times in milliseconds.
return function(summary, latency)
  io.write(string.format(
    '{"rate": %.0f, "p50": %.2f, "p95": %.2f, "p99": %.2f, "requests": %d, "failed": %d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    summary.requests,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout))
end
