import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostStorage
import Testing

/// What an operator's orders make of a row.
struct RolloutOrderTests {
    private let businesses = (0..<3).map { _ in BusinessID(UUID()) }

    private func hs() throws -> PluginID { try #require(PluginID("hs")) }

    private func package(_ version: String) throws -> PackageVersion {
        PackageVersion(version: try #require(SemanticVersion(version)), digest: "digest of \(version)")
    }

    private func row(
        _ order: RolloutOrder, after row: Rollout? = nil, inUse: String? = "1.0.0"
    ) throws -> Rollout {
        try order.row(after: row, of: try hs(), inUse: try inUse.map { try package($0) })
    }

    private func problem(_ order: RolloutOrder, after row: Rollout? = nil, inUse: String? = "1.0.0") -> String {
        let problem = #expect(throws: RolloutOrderProblem.self) { _ = try self.row(order, after: row, inUse: inUse) }
        return problem?.description ?? ""
    }

    private func roll(
        _ version: String, _ percent: Int? = nil, _ businesses: [BusinessID]? = nil
    ) throws -> RolloutOrder {
        .roll(try package(version), percent: percent, businesses: businesses)
    }

    @Test func `a first trial is beside the version in use, with a tenth of the businesses`() throws {
        let row = try row(try roll("1.1.0"))
        #expect(try row.stable == package("1.0.0") && row.canary == package("1.1.0"))
        #expect((row.percent, row.businesses, row.state) == (10, [], .rolling))
        #expect(try self.row(try roll("1.1.0", nil, businesses)).percent == 0, "named ones alone")
        #expect(try self.row(try roll("1.1.0", 25, businesses)).percent == 25)
    }

    @Test func `what isn't given stays as it is`() throws {
        let first = try row(try roll("1.1.0", 20, businesses))
        let wider = try row(try roll("1.1.0", 50), after: first)
        #expect((wider.percent, wider.businesses) == (50, businesses))
        let named = try row(try roll("1.1.0", nil, [businesses[0]]), after: wider)
        #expect((named.percent, named.businesses) == (50, [businesses[0]]))
        let back = try row(.rollBack(reason: nil), after: named)
        let again = try row(try roll("1.1.0"), after: back)
        #expect((again.percent, again.businesses) == (10, []), "a trial that begins anew has nothing of the last one")
    }

    @Test func `a promotion and the way back change places, and the way back is there once`() throws {
        let promoted = try row(.promote, after: try row(try roll("1.1.0")))
        #expect(try promoted.stable == package("1.1.0") && promoted.previous == package("1.0.0"))
        #expect(promoted.state == .settled && promoted.candidate == nil && promoted.percent == 0)
        let back = try row(.rollBack(reason: "worse"), after: promoted)
        #expect(try back.stable == package("1.0.0") && back.candidate == package("1.1.0"))
        #expect(back.state == .rolledBack && back.canary == nil && back.reason == "worse")
        #expect(problem(.rollBack(reason: nil), after: back).contains("no version to go back to"))
    }

    @Test func `taking a trial back leaves what was promoted before`() throws {
        let promoted = try row(.promote, after: try row(try roll("1.1.0")))
        let back = try row(
            .rollBack(reason: String(repeating: "a", count: 3_000)), after: try row(try roll("1.2.0"), after: promoted))
        #expect(try back.stable == package("1.1.0") && back.previous == package("1.0.0"))
        #expect(back.reason.count == Rollout.reasonCharactersMax)
        let further = try row(.rollBack(reason: nil), after: back)
        #expect(try further.stable == package("1.0.0"))
    }

    @Test func `orders that make no sense are refused with the reason`() throws {
        let rolling = try row(try roll("1.1.0"))
        #expect(problem(try roll("1.1.0"), inUse: nil).contains("serves from no package here"))
        #expect(problem(try roll("1.0.0")).contains("1.0.0 serves everybody already"))
        #expect(problem(try roll("1.2.0"), after: rolling).contains("1.1.0 is being tried"))
        #expect(problem(try roll("1.1.0", 101)).contains("--percent is 101"))
        #expect(problem(try roll("1.1.0", -1)).contains("--percent is -1"))
        #expect(problem(try roll("1.1.0", 0)).contains("nobody would be served"))
        #expect(problem(try roll("1.1.0", 0), after: rolling).contains("`thorbis plugin rollback hs`"))
        let many = (0...Rollout.businessesMax).map { _ in BusinessID(UUID()) }
        #expect(problem(try roll("1.1.0", 1, many)).contains("1001 businesses are named"))
        #expect(try row(try roll("1.1.0", 1, Array(many.dropLast()))).businesses.count == Rollout.businessesMax)
        #expect(problem(.promote).contains("no version of hs is being tried"))
        #expect(problem(.promote, after: try row(.rollBack(reason: nil), after: rolling)).contains("no version"))
        #expect(problem(.rollBack(reason: nil)).contains("no version to go back to"))
        #expect(try row(.settle).state == .settled)
        #expect(problem(.settle, inUse: nil).contains("no package"))
    }
}

struct RolloutProgressTests {
    private let hosts = (0..<4).map { number in
        RolloutHost(id: UUID(), node: "web-\(number)", pid: Int32(number), age: .seconds(number == 3 ? 15 : number))
    }

    private func overview(_ answers: [(host: Int, revision: Int64, refusal: String?)]) throws -> RolloutOverview {
        let hs = try #require(PluginID("hs"))
        return RolloutOverview(
            desired: .nothing, hosts: hosts,
            acknowledgements: answers.map { answer in
                RolloutAcknowledgement(
                    host: hosts[answer.host].id, plugin: hs, revision: answer.revision,
                    outcome: answer.refusal == nil ? .serves : .refused, detail: answer.refusal ?? "")
            }, figures: [])
    }

    private func progress(_ answers: [(host: Int, revision: Int64, refusal: String?)]) throws -> RolloutProgress {
        RolloutProgress(try overview(answers), of: try #require(PluginID("hs")), revision: 7)
    }

    @Test func `hosts that live and said nothing of the revision are waited for, gone ones aren't`() throws {
        let progress = try progress([(0, 7, nil), (1, 6, nil)])
        #expect(progress.serving.map(\.node) == ["web-0"])
        #expect(progress.stragglers.map(\.node) == ["web-1", "web-2"])
        #expect(!progress.isAnswered && !progress.isServed)
        let done = try self.progress([(0, 7, nil), (1, 7, nil), (2, 8, nil)])
        #expect(done.isServed, "an answer to a later revision is one")
    }

    @Test func `a refusal is an answer, and its reason is kept`() throws {
        let progress = try progress([(0, 7, nil), (1, 7, "TP2406"), (2, 7, nil)])
        #expect(progress.isAnswered && !progress.isServed)
        #expect(progress.refusals.map(\.reason) == ["TP2406"])
    }
}

struct RolloutTallyTests {
    private let hosts = [("a", 1), ("a", 2), ("b", 3)].map { RolloutHost(id: UUID(), node: $0.0, pid: $0.1) }

    private func figures(
        _ host: Int, _ digest: String, _ calls: Int64, _ faults: Int64, crashes: Int = 0, revision: Int64 = 3
    ) throws -> RolloutFigures {
        RolloutFigures(
            host: hosts[host].id, plugin: try #require(PluginID("hs")), revision: revision, digest: digest,
            calls: calls, faults: faults, buckets: Array(repeating: 1, count: LatencyCounts.size), crashes: crashes)
    }

    private func tally(_ figures: [RolloutFigures], state: Rollout.State = .rolling) throws -> RolloutTally? {
        let hs = try #require(PluginID("hs"))
        let (old, new) = (try #require(SemanticVersion("1.4.0")), try #require(SemanticVersion("1.5.0")))
        let row = Rollout(
            plugin: hs, stable: PackageVersion(version: old, digest: "old"),
            candidate: PackageVersion(version: new, digest: "new"), percent: 10, revision: 3, state: state)
        let overview = RolloutOverview(
            desired: DesiredPlugins(rollouts: [row], pins: []), hosts: hosts, acknowledgements: [], figures: figures)
        return RolloutTally(overview, row)
    }

    @Test func `the figures of all hosts are summed, and fail together where none would alone`() throws {
        let tally = try #require(
            try tally([
                figures(0, "new", 20, 1), figures(1, "new", 20, 1), figures(2, "new", 20, 1),
                figures(0, "old", 900, 1), figures(2, "old", 100, 0),
            ]))
        #expect(tally.candidate.figures.calls == 60 && tally.stable.figures.calls == 1_000)
        #expect(tally.candidate.figures.latencies.count == 3 * LatencyCounts.size)
        #expect(tally.verdict == .fail("3 of 60 calls ended in a fault, 0.1 % with 1.4.0"))
    }

    @Test func `hosts of one node tell of the same deaths`() throws {
        let tally = try #require(
            try tally([
                figures(0, "new", 0, 0, crashes: 1), figures(1, "new", 0, 0, crashes: 1),
                figures(2, "new", 0, 0, crashes: 1),
            ]))
        #expect(tally.candidate.figures.crashes == 2)
        #expect(tally.verdict == .fail("2 crashes are put down to it"))
    }

    @Test func `figures of another revision or version don't count, nor is a version judged that isn't tried`() throws {
        let tally = try #require(
            try tally([figures(0, "new", 20, 9, revision: 2), figures(1, "other", 20, 9), figures(2, "new", 30, 0)]))
        #expect((tally.candidate.figures.calls, tally.candidate.figures.faults) == (30, 0))
        #expect(try self.tally([figures(0, "new", 20, 9)], state: .rolledBack) == nil)
    }
}
