/// Says whether a candidate does worse than the version that it is to replace. Pure: the same figures, the same answer.
///
/// A crash is too much. So are faults that the stable version's rate doesn't explain, and operations that take much
/// longer. What both do badly isn't held against the candidate.
package enum RolloutGate {
    /// One side of the comparison.
    package struct Side: Hashable, Sendable {
        /// For people: `1.5.0`, or `generation 4` where the version is the same.
        package let name: String
        package let figures: GenerationFigures

        package init(_ name: String, _ figures: GenerationFigures) {
            self.name = name
            self.figures = figures
        }
    }

    /// Each with the numbers, for people: one sentence, without a full stop.
    package enum Verdict: Hashable, Sendable {
        case pass(String)
        /// Too few calls to tell.
        case wait(String)
        case fail(String)

        package var numbers: String {
            switch self {
            case .pass(let numbers), .wait(let numbers), .fail(let numbers): numbers
            }
        }
    }

    /// Calls of the candidate below which nothing speaks for it.
    package static let callsMin = 20
    /// Fewer are an accident.
    package static let faultsMin = 2
    /// By how many standard deviations the faults are above what is expected.
    package static let deviations = 3.0
    /// A share of faults for which nobody takes a version back, however clean the stable one is.
    package static let faultShareFloor = 0.001
    /// Calls of either side below which a p95 says little.
    package static let latencyCallsMin = 100
    /// How many times the stable p95 the candidate's may be.
    package static let latencyFactor = 2.0
    /// What is added by less is noise.
    package static let latencyFloor: Duration = .milliseconds(5)

    package static func verdict(candidate: Side, stable: Side) -> Verdict {
        let crashes = candidate.figures.crashes
        if crashes > 0 { return .fail("\(crashes) \(crashes == 1 ? "crash is" : "crashes are") put down to it") }
        let faults = faults(candidate, stable)
        if hasTooManyFaults(candidate.figures, stable.figures) { return .fail(faults) }
        if let slow = slowness(candidate, stable) { return .fail(slow) }
        let times = times(candidate, stable).map { ", \($0)" } ?? ""
        guard candidate.figures.calls >= callsMin else {
            return .wait("\(faults)\(times); \(callsMin) calls say something")
        }
        return .pass(faults + times)
    }

    /// More than the stable side's rate explains: the faults of so many calls are binomially distributed.
    private static func hasTooManyFaults(_ candidate: GenerationFigures, _ stable: GenerationFigures) -> Bool {
        guard candidate.faults >= faultsMin else { return false }
        let share = max(faultShareFloor, share(of: stable))
        // A call may be blamed twice; then the calls alone would be too few.
        let calls = Double(max(candidate.calls, candidate.faults))
        let deviation = (calls * share * (1 - share)).squareRoot()
        return Double(candidate.faults) > calls * share + deviations * deviation
    }

    private static func share(of figures: GenerationFigures) -> Double {
        figures.calls > 0 ? min(1, Double(figures.faults) / Double(figures.calls)) : 0
    }

    private static func slowness(_ candidate: Side, _ stable: Side) -> String? {
        guard candidate.figures.latencies.count >= latencyCallsMin, stable.figures.latencies.count >= latencyCallsMin,
            let new = candidate.figures.latencies.quantile(0.95), let old = stable.figures.latencies.quantile(0.95),
            new > old * latencyFactor, new - old > latencyFloor
        else { return nil }
        return times(candidate, stable)
    }

    /// "3 of 41 calls ended in a fault, 0.1 % with 1.4.0"
    private static func faults(_ candidate: Side, _ stable: Side) -> String {
        let (new, old) = (candidate.figures, stable.figures)
        let calls = "\(new.faults) of \(new.calls) \(new.calls == 1 ? "call" : "calls") ended in a fault"
        guard old.calls > 0 else { return "\(calls), no call with \(stable.name) yet" }
        return "\(calls), \(percent(share(of: old))) with \(stable.name)"
    }

    /// "95 % of its calls took up to 40.1 ms, 12.0 ms with 1.4.0"
    private static func times(_ candidate: Side, _ stable: Side) -> String? {
        guard let new = candidate.figures.latencies.quantile(0.95), let old = stable.figures.latencies.quantile(0.95)
        else { return nil }
        return "95 % of its calls took up to \(milliseconds(new)), \(milliseconds(old)) with \(stable.name)"
    }

    /// To a tenth; what is less but not nothing says so.
    private static func percent(_ share: Double) -> String {
        if share == 0 { return "0 %" }
        return share < 0.001 ? "less than 0.1 %" : "\((share * 1_000).rounded() / 10) %"
    }

    private static func milliseconds(_ duration: Duration) -> String {
        "\((duration / .microseconds(100)).rounded() / 10) ms"
    }
}
