import HostPlugins
import Testing

/// Both sides of every bound of the gate.
struct RolloutGateTests {
    private func verdict(
        _ candidate: GenerationFigures, _ stable: GenerationFigures = .init()
    ) -> RolloutGate.Verdict {
        RolloutGate.verdict(candidate: .init("1.5.0", candidate), stable: .init("1.4.0", stable))
    }

    private func fails(_ verdict: RolloutGate.Verdict) -> Bool {
        if case .fail = verdict { return true }
        return false
    }

    @Test func `a crash is too much, whatever else there is`() {
        let stable = GenerationFigures(calls: 1_000, faults: 900, crashes: 4)
        #expect(verdict(.init(calls: 900, crashes: 1), stable) == .fail("1 crash is put down to it"))
        #expect(verdict(.init(crashes: 2)) == .fail("2 crashes are put down to it"))
        #expect(!fails(verdict(.init(calls: 900), stable)), "crashes of the stable one aren't the candidate's")
    }

    @Test func `one fault is an accident, two against a clean version aren't`() {
        let stable = GenerationFigures(calls: 5_000)
        #expect(!fails(verdict(.init(calls: 2, faults: 1), stable)))
        #expect(fails(verdict(.init(calls: 2, faults: 2), stable)))
        #expect(fails(verdict(.init(calls: 2, faults: 2))), "a stable version without calls excuses nothing")
    }

    @Test func `faults count as far as the stable rate doesn't explain them`() {
        // 10 % of 100 calls are 10, with a standard deviation of 3.
        let stable = GenerationFigures(calls: 1_000, faults: 100)
        #expect(!fails(verdict(.init(calls: 100, faults: 19), stable)))
        #expect(fails(verdict(.init(calls: 100, faults: 20), stable)))
    }

    @Test func `a fault in a thousand is nobody's reason to take a version back`() {
        // One expected, with a standard deviation of one.
        #expect(!fails(verdict(.init(calls: 1_000, faults: 3), .init(calls: 9_000))))
        #expect(fails(verdict(.init(calls: 1_000, faults: 4), .init(calls: 9_000))))
    }

    @Test func `a version that fails always can't be worse, and one whose calls are blamed twice is judged`() {
        #expect(!fails(verdict(.init(calls: 50, faults: 50), .init(calls: 10, faults: 12))))
        #expect(fails(verdict(.init(calls: 2, faults: 4), .init(calls: 10))))
    }

    private func took(_ milliseconds: Double, calls: Int) throws -> GenerationFigures {
        var buckets = Array(repeating: Int64(0), count: LatencyCounts.size)
        let wanted = Duration.microseconds(Int(milliseconds * 1_000))
        let bucket = try #require(
            buckets.indices.first { index in
                buckets[index] = 1
                defer { buckets[index] = 0 }
                return (LatencyCounts(buckets: buckets)?.quantile(1)).map { $0 >= wanted } ?? false
            })
        buckets[bucket] = Int64(calls)
        return GenerationFigures(calls: calls, latencies: try #require(LatencyCounts(buckets: buckets)))
    }

    @Test func `a p95 of more than twice the stable one's fails`() throws {
        let stable = try took(20, calls: 500)
        #expect(!fails(verdict(try took(36, calls: 500), stable)))
        guard case .fail(let numbers) = verdict(try took(48, calls: 500), stable) else {
            Issue.record("it passed")
            return
        }
        #expect(numbers.hasPrefix("95 % of its calls took up to ") && numbers.hasSuffix(" with 1.4.0"), "\(numbers)")
    }

    @Test func `a few milliseconds more are noise, however many times it is`() throws {
        #expect(!fails(verdict(try took(4, calls: 500), try took(1, calls: 500))))
        #expect(fails(verdict(try took(8, calls: 500), try took(1, calls: 500))))
    }

    @Test func `a p95 of fewer than a hundred calls says nothing, on either side`() throws {
        #expect(!fails(verdict(try took(80, calls: 99), try took(10, calls: 500))))
        #expect(!fails(verdict(try took(80, calls: 500), try took(10, calls: 99))))
        #expect(fails(verdict(try took(80, calls: 100), try took(10, calls: 100))))
    }

    @Test func `a candidate that few have called waits, with the numbers`() {
        let stable = GenerationFigures(calls: 2_000, faults: 1)
        #expect(
            verdict(.init(calls: 19, faults: 1), stable)
                == .wait("1 of 19 calls ended in a fault, less than 0.1 % with 1.4.0; 20 calls say something"))
        #expect(
            verdict(.init(calls: 20, faults: 1), stable)
                == .pass("1 of 20 calls ended in a fault, less than 0.1 % with 1.4.0"))
        #expect(
            verdict(.init()) == .wait("0 of 0 calls ended in a fault, no call with 1.4.0 yet; 20 calls say something"))
    }

    @Test func `the numbers of a failure are those of both sides`() {
        #expect(
            verdict(.init(calls: 41, faults: 3), .init(calls: 1_000, faults: 1))
                == .fail("3 of 41 calls ended in a fault, 0.1 % with 1.4.0"))
    }

    @Test func `figures of several hosts are added up`() throws {
        let sum = try took(10, calls: 60) + took(10, calls: 40) + GenerationFigures(faults: 1, crashes: 2)
        #expect((sum.calls, sum.faults, sum.crashes, sum.latencies.count) == (100, 1, 2, 100))
    }

    @Test func `buckets are read as they were written, and nothing else`() throws {
        let counts = try took(10, calls: 7).latencies
        #expect(LatencyCounts(buckets: counts.buckets) == counts)
        #expect(LatencyCounts(buckets: []) == nil)
        #expect(LatencyCounts(buckets: Array(counts.buckets.dropLast())) == nil)
        #expect(LatencyCounts(buckets: counts.buckets.map { -$0 }) == nil)
        #expect(LatencyCounts(buckets: counts.buckets.map { $0 * 1 << 50 }) == nil)
    }
}

struct WarmReadingTests {
    private func window(calls: Int, faults: Int = 0) throws -> PluginWindow {
        var window = PluginWindow()
        window.calls = calls
        window.faults = faults
        var buckets = Array(repeating: Int64(0), count: LatencyCounts.size)
        buckets[40] = Int64(calls)
        window.latencies = try #require(LatencyCounts(buckets: buckets))
        return window
    }

    @Test func `times of the first calls don't count, their faults do`() throws {
        var reading = WarmReading()
        let cold = reading.figures(of: try window(calls: 99, faults: 2))
        #expect((cold.calls, cold.faults, cold.latencies.count) == (99, 2, 0))
        #expect(reading.figures(of: try window(calls: 130)).latencies.count == 0, "the first warm reading is the start")
        #expect(reading.figures(of: try window(calls: 150)).latencies.count == 20)
    }

    @Test func `a generation that has worked before is counted from the reading on`() throws {
        var reading = WarmReading(since: try window(calls: 500, faults: 7))
        let figures = reading.figures(of: try window(calls: 520, faults: 8))
        #expect((figures.calls, figures.faults, figures.latencies.count) == (20, 1, 20))
    }
}
