import HostModel
import HostSupervisor
import Testing

struct CrashRuleTests {
    @Test func `the third death within ten minutes takes the code out`() {
        let earlier = [Death.of("a", at: 0), Death.of("a", at: 300)]
        #expect(verdict(Death.of("a", at: 599), earlier).isQuarantine)
        #expect(verdict(Death.of("a", at: 599), Array(earlier.prefix(1))) == .counted(2))
        #expect(verdict(Death.of("a", at: 599), []) == .counted(1))
    }

    @Test func `deaths that are longer ago don't count`() {
        #expect(verdict(Death.of("a", at: 700), [Death.of("a", at: 0), Death.of("a", at: 300)]) == .counted(2))
    }

    @Test func `deaths of other code don't count, nor do those of nobody`() {
        let earlier = [Death.of("b", at: 10), Death.of(nil, at: 20), Death.of("b", at: 30)]
        #expect(verdict(Death.of("a", at: 40), earlier) == .counted(1))
        #expect(verdict(Death.of(nil, at: 40), [Death.of(nil, at: 1), Death.of(nil, at: 2)]) == .unattributed)
    }

    @Test func `two starts in a row are enough`() {
        let boot = Death.of("a", at: 10, isBoot: true)
        #expect(verdict(Death.of("a", at: 12, isBoot: true), [boot]).isQuarantine)
        #expect(verdict(Death.of("a", at: 12, isBoot: true), []) == .counted(1))
        #expect(verdict(Death.of("b", at: 12, isBoot: true), [boot]) == .counted(1))
        #expect(
            verdict(Death.of("a", at: 12, isBoot: true), [boot, Death.of("b", at: 11)]) == .counted(2),
            "one that served was between them")
    }

    @Test func `what was before a release doesn't count`() {
        let earlier = [Death.of("a", at: 0), Death.of("a", at: 10)]
        #expect(verdict(Death.of("a", at: 20), earlier, release: 15) == .counted(1))
        #expect(verdict(Death.of("a", at: 20), earlier, release: 5) == .counted(2))
    }

    @Test func `the reason names what it was`() {
        let verdict = verdict(Death.of("a", at: 2), [Death.of("a", at: 0), Death.of("a", at: 1)])
        #expect(
            verdict
                == .quarantine(reason: "3 crashes within 10 minutes, the last one: signal 4 in completeWorkOrder"))
    }

    private func verdict(_ last: Tombstone, _ earlier: [Tombstone], release: Int64? = nil) -> CrashRule.Verdict {
        CrashRule.verdict(on: last, after: earlier, release: release.map { Death.time($0) })
    }
}

extension CrashRule.Verdict {
    fileprivate var isQuarantine: Bool {
        if case .quarantine = self { true } else { false }
    }
}

/// Deaths for tests, by the code that is blamed and the second they fall into.
enum Death {
    static func of(_ digest: String?, at second: Int64, isBoot: Bool = false) -> Tombstone {
        let blame = digest.map { digest in
            Tombstone.Blame(
                plugin: "hs", version: "1.4.0", digest: digest, generation: 3, operation: "completeWorkOrder",
                sign: .caller)
        }
        return Tombstone(
            at: time(second), pid: 1_234, kind: .signal, signal: 4, isBoot: isBoot, blame: blame, stack: ["hs +0x1"])
    }

    static func host(_ pid: Int32, _ ending: HostDeath.Ending, at time: Timestamp) -> HostDeath {
        HostDeath(
            host: HostIdentity(pid: pid, slot: 1, generation: 1), ending: ending, wasReady: true, at: time)
    }

    static func time(_ second: Int64) -> Timestamp {
        Timestamp(microseconds: (1_795_316_400 + second) * 1_000_000)
    }
}
