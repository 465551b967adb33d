package import HostModel

/// Decides when a plugin's code is taken out of service.
///
/// Three deaths within ten minutes that are put down to the same bytes, or two starts in a row that they end. Deaths
/// that nobody is blamed for count for no plugin.
package enum CrashRule {
    package static let crashesMax = 3
    package static let window: Duration = .seconds(600)
    package static let bootsMax = 2

    package enum Verdict: Hashable, Sendable {
        /// Nobody is to blame.
        case unattributed
        /// So many of the deaths that are too many.
        case counted(Int)
        case quarantine(reason: String)
    }

    /// Judges the last death.
    ///
    /// - Parameters:
    ///   - earlier: The deaths before it, in any order.
    ///   - release: When somebody let these bytes into service again; what was before doesn't count any more.
    package static func verdict(on last: Tombstone, after earlier: [Tombstone], release: Timestamp?) -> Verdict {
        guard let blame = last.blame else { return .unattributed }
        let recent = earlier.filter { death in
            last.at - death.at <= window && death.at <= last.at && death.at > release ?? Timestamp(microseconds: 0)
        }.sorted { $0.at < $1.at }
        let crashes = recent.count { $0.blame?.digest == blame.digest } + 1
        if crashes >= crashesMax {
            return .quarantine(reason: "\(crashes) crashes within 10 minutes, the last one: \(what(last, blame))")
        }
        let boots = (recent + [last]).suffix(bootsMax)
        if boots.count == bootsMax, boots.allSatisfy({ $0.isBoot && $0.blame?.digest == blame.digest }) {
            return .quarantine(reason: "\(bootsMax) starts in a row that it ended: \(what(last, blame))")
        }
        return .counted(crashes)
    }

    private static func what(_ death: Tombstone, _ blame: Tombstone.Blame) -> String {
        let place = blame.operation.map { " in \($0)" } ?? ""
        return switch death.kind {
        case .signal, .killed: "signal \(death.signal.map(String.init) ?? "?")\(place)"
        case .exit: "a call of exit\(place)"
        case .stuck, .memory: "\(death.kind.rawValue)\(place)"
        }
    }
}
