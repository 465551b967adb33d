import Foundation
import HostGateway
import HostModel
import HostSupervisor
import NIOCore

/// `/metrics` of all hosts that a supervisor runs, from whichever of them is asked: it asks the others over their
/// control sockets.
///
/// What it costs is bounded: the others are asked side by side, each for ``patience``, and a text is given to everybody
/// who asks within ``age`` of it, so that a host is asked by each other one at most once in that time.
actor HostsMetrics {
    /// How long another host may take; it needs a millisecond or two.
    static let patience: TimeAmount = .milliseconds(500)
    /// How long a text is good for.
    static let age: Duration = .seconds(1)

    private nonisolated let own: @Sendable () -> String
    private nonisolated let slot: Int?
    private nonisolated let started: Timestamp
    private let data: URL
    private let socket: String
    private var last: (at: ContinuousClock.Instant, text: String)?
    private var asking: Task<String, Never>?

    /// - Parameters:
    ///   - slot: Which of the supervisor's hosts this is; nil for one by itself, which tells of itself alone.
    ///   - started: Tells two hosts of one slot apart while one hands over to the other.
    init(own: @escaping @Sendable () -> String, slot: Int?, started: Timestamp, data: DataFolder) {
        self.own = own
        self.slot = slot
        self.started = started
        self.data = data.url
        socket = ControlSocket.path(in: data)
    }

    /// What this host answers another one with.
    nonisolated var answer: JSONValue {
        [
            "ok": true, "slot": slot.map { .int(Int64($0)) } ?? .null, "started": .int(started.microseconds),
            "text": .string(own()),
        ]
    }

    /// The text exposition format.
    func text() async -> String {
        let others = slot == nil ? [] : ControlSocket.hosts(in: data).filter { $0.path != socket }
        if others.isEmpty { return await gather([]) }
        if let last, ContinuousClock.now - last.at < Self.age { return last.text }
        if let asking { return await asking.value }
        // Whoever comes meanwhile waits for the same answer; it ends by itself within the patience.
        let asking = Task { await gather(others) }
        self.asking = asking
        let text = await asking.value
        self.asking = nil
        last = (.now, text)
        return text
    }

    private func gather(_ others: [ControlSocket.Host]) async -> String {
        var hosts = [HostAnswer(slot: slot ?? 0, started: started, text: own())]
        var silent = 0
        await withTaskGroup(of: ControlSocket.BriefAnswer.self) { group in
            for host in others {
                group.addTask { await ControlSocket.askBriefly(.metrics, of: host, within: Self.patience) }
            }
            for await answer in group {
                switch answer {
                case .gone: break
                case .silent: silent += 1
                case .answered(let json): if let host = HostAnswer(json) { hosts.append(host) }
                }
            }
        }
        let shown = HostAnswer.newestOfEach(hosts)
        return HostsExposition.merged(shown.map { ($0.slot, $0.text) })
            + Self.line("thorbis_hosts_answering", "gauge", "\(shown.count)")
            + Self.line("thorbis_hosts_silent", "gauge", "\(silent)") + crashes
    }

    /// Of the whole data folder, and of hosts that are no more.
    private var crashes: String {
        let name = "thorbis_plugin_crashes_total"
        return CrashFolder(data: data).crashCounts().sorted { $0.key < $1.key }
            .reduce(into: "# TYPE \(name) counter\n") { text, count in
                text += "\(name){plugin=\"\(count.key)\"} \(count.value)\n"
            }
    }

    private static func line(_ name: String, _ type: String, _ value: String) -> String {
        "# TYPE \(name) \(type)\n\(name) \(value)\n"
    }
}

/// What one host has of its metrics.
private struct HostAnswer {
    let slot: Int
    let started: Timestamp
    let text: String

    init(slot: Int, started: Timestamp, text: String) {
        self.slot = slot
        self.started = started
        self.text = text
    }

    /// Nil for a host that nobody runs as one of several.
    init?(_ json: JSONValue) {
        guard let slot = json["slot"]?.int, let started = json["started"]?.int, let text = json["text"]?.string else {
            return nil
        }
        self.init(slot: Int(slot), started: Timestamp(microseconds: started), text: text)
    }

    /// While a hand-over ends two hosts have one number: the one that came later goes on under it.
    static func newestOfEach(_ hosts: [HostAnswer]) -> [HostAnswer] {
        Dictionary(hosts.map { ($0.slot, $0) }) { $0.started < $1.started ? $1 : $0 }.values.sorted {
            $0.slot < $1.slot
        }
    }
}
