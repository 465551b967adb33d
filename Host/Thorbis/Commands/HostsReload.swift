import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostSupervisor

/// A reload of every host of an installation in two phases: all of them can serve the new plugins, or none does.
///
/// Whoever is killed between the phases leaves the hosts as they are. Between the swaps of two hosts, which take
/// microseconds, they may differ for as long; a host that starts serves what is installed.
struct HostsReload {
    let folder: URL
    let again: Set<PluginID>
    let ticket = UUID().uuidString

    init(in folder: URL, again: Set<PluginID>) {
        self.folder = folder
        self.again = again
    }

    /// A host has no room for more code (TP2308): fresh ones have.
    struct NoRoom: Error, Sendable {
        /// What hosts said.
        let refusals: String
    }

    /// A host that has loaded everything, and waits.
    struct Waiting: Sendable {
        let host: ControlSocket.Host
        /// The digest of each plugin's manifest.
        let manifests: JSONValue
        /// Code that takes the place of other code.
        let changes: [ReloadRecord.Change]
        /// Why what it serves couldn't serve any more after this.
        let obstacle: String?
    }

    /// Has every host load what is installed.
    ///
    /// - Parameter wanted: The manifests as this process reads them.
    /// - Throws: ``CommandFailure`` with what each host said, when one can't; all others have given up then. ``NoRoom``
    ///   when that is all there is against it.
    func prepare(_ wanted: ManifestSet) async throws -> [Waiting] {
        let hosts = ControlSocket.hosts(in: folder)
        let answers = await withTaskGroup(of: (ControlSocket.Host, Answer).self) { group in
            for host in hosts { group.addTask { (host, await ask(.prepare(ticket: ticket, again: again), host)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var waiting: [Waiting] = []
        var refusals: [String] = []
        var isOnlyRoom = true
        for (host, answer) in answers.sorted(by: { $0.0.name < $1.0.name }) {
            switch answer {
            case .gone: break
            case .failed(let message, let rule):
                refusals.append("\(host.label): \(message)")
                if rule != PluginRule.budget.id { isOnlyRoom = false }
            case .answered(let json):
                let manifests = json["manifests"] ?? .null
                waiting.append(
                    Waiting(
                        host: host, manifests: manifests,
                        changes: (json["changes"]?.array ?? []).compactMap { ReloadRecord.Change($0) },
                        obstacle: json["obstacle"]?.string))
                if !Self.isSame(manifests, wanted) {
                    isOnlyRoom = false
                    refusals.append(
                        "\(host.label): it reads other manifests than this command; look at THORBIS_MANIFESTS.")
                }
            }
        }
        guard !waiting.isEmpty || !refusals.isEmpty else {
            throw CommandFailure.environment("no host is running in \(folder.path()).")
        }
        guard refusals.isEmpty else {
            await abort(waiting)
            if isOnlyRoom { throw NoRoom(refusals: refusals.joined(separator: "\n")) }
            throw CommandFailure.findings("not reloaded, what served goes on:\n" + refusals.joined(separator: "\n"))
        }
        return waiting
    }

    /// Has every host swap, one after the other.
    ///
    /// - Parameter watch: For how long each is to watch what is new.
    /// - Returns: What each said, and what went wrong with those that are gone or had been prepared anew.
    func commit(
        _ waiting: [Waiting], watch: Duration
    ) async -> (answers: [(host: String, JSONValue)], failures: [String]) {
        var answers: [(host: String, JSONValue)] = []
        var failures: [String] = []
        for waiting in waiting {
            switch await ask(.commit(ticket: ticket, watch: watch), waiting.host) {
            case .answered(let json): answers.append((waiting.host.label, json))
            case .failed(let message, _): failures.append("\(waiting.host.label): \(message)")
            case .gone:
                failures.append(
                    "\(waiting.host.label): it ended before it swapped; what takes its place serves what is installed.")
            }
        }
        return (answers, failures)
    }

    /// Has every host forget what it loaded for this.
    func abort(_ waiting: [Waiting]) async {
        for waiting in waiting { _ = await ask(.abort(ticket: ticket), waiting.host) }
    }

    private enum Answer: Sendable {
        case answered(JSONValue)
        /// With the rule on plugins that was broken, if it was one.
        case failed(String, rule: String? = nil)
        /// There is nobody at the other end of the socket.
        case gone
    }

    private func ask(_ request: ControlRequest, _ host: ControlSocket.Host) async -> Answer {
        do {
            guard let answer = try await ControlSocket.ask(request, of: host) else { return .gone }
            if answer["ok"] == true { return .answered(answer) }
            return .failed(answer["message"]?.string ?? "it gave no reason.", rule: answer["rule"]?.string)
        } catch let failure as CommandFailure {
            return .failed(failure.message)
        } catch {
            return .failed("\(error)")
        }
    }

    private static func isSame(_ digests: JSONValue, _ wanted: ManifestSet) -> Bool {
        digests.object?.members.count == wanted.manifests.count
            && wanted.manifests.allSatisfy { digests[$0.id.description]?.string == $0.digest }
    }
}
