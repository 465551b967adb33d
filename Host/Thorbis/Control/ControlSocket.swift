import Foundation
import HostModel
import NIOCore
import NIOPosix

/// The sockets by which operators' commands reach running hosts and their supervisor: `control-<pid>.sock` and
/// `supervisor.sock` in the data folder, which only the folder's owner may open.
enum ControlSocket {
    /// A longer question or answer is refused.
    static let lineBytesMax = 1 << 20
    /// How long a host may take to answer; it probes each new library for two seconds at most.
    private static let patience: TimeAmount = .seconds(120)

    static func path(in data: DataFolder) -> String {
        data.url.appending(path: "control-\(ProcessInfo.processInfo.processIdentifier).sock").path()
    }

    /// The supervisor's, of which a data folder has one.
    static func supervisorPath(in folder: URL) -> String { folder.appending(path: "supervisor.sock").path() }

    /// Asks the supervisor; nil when none runs.
    static func askSupervisor(_ request: ControlRequest, in folder: URL) async throws -> JSONValue? {
        guard let channel = try? await connect(supervisorPath(in: folder)) else { return nil }
        return try await ask(request, over: channel)
    }

    /// A host of an installation, by the name of its socket.
    struct Host: Hashable, Sendable {
        let name: String
        let path: String
        /// `host 4711`: by its process id.
        var label: String { "host " + name.dropFirst(prefix.count).dropLast(suffix.count) }
        /// Whether it is this process.
        var isOwn: Bool { name == prefix + "\(ProcessInfo.processInfo.processIdentifier)" + suffix }
    }

    private static let prefix = "control-"
    private static let suffix = ".sock"

    /// The hosts that have a socket in a folder, by name; one of them may have gone.
    static func hosts(in folder: URL) -> [Host] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return names.sorted().filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
            .map { Host(name: $0, path: folder.appending(path: $0).path()) }
    }

    /// Asks one host; nil when it has gone, and its socket is removed.
    static func ask(_ request: ControlRequest, of host: Host) async throws -> JSONValue? {
        guard let channel = try? await connect(host.path) else {
            try? FileManager.default.removeItem(atPath: host.path)
            return nil
        }
        return try await ask(request, over: channel)
    }

    /// What came of a question that isn't waited for long.
    enum BriefAnswer: Sendable {
        case answered(JSONValue)
        /// It has no process any more.
        case gone
        /// It is there and didn't answer in time.
        case silent
    }

    /// An answer that may be larger than a line of a command: some megabytes for thousands of series.
    private static let briefBytesMax = 16 << 20

    /// Asks one host, and leaves its socket alone whatever comes of it.
    static func askBriefly(
        _ request: ControlRequest, of host: Host, within patience: TimeAmount
    ) async -> BriefAnswer {
        guard let channel = try? await connect(host.path) else { return .gone }
        let answer = try? await ask(request, over: channel, within: patience, bytesMax: briefBytesMax)
        return answer.map { .answered($0) } ?? .silent
    }

    /// Asks every host of an installation, one after the other; one that has gone is left out.
    static func ask(_ request: ControlRequest, in folder: URL) async throws -> [JSONValue] {
        var answers: [JSONValue] = []
        for host in hosts(in: folder) {
            if let answer = try await ask(request, of: host) { answers.append(answer) }
        }
        return answers
    }

    private static func connect(_ path: String) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
    }

    private static func ask(
        _ request: ControlRequest, over channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>,
        within patience: TimeAmount = patience, bytesMax: Int = lineBytesMax
    ) async throws -> JSONValue {
        let late = channel.channel.eventLoop.scheduleTask(in: patience) { channel.channel.close(promise: nil) }
        defer { late.cancel() }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: request.json.utf8 + [newline]))
            guard let line = try await line(inbound, bytesMax: bytesMax), let answer = try? JSONParser.parse(line)
            else {
                throw CommandFailure.environment(
                    "the process ended, or took longer than two minutes, before it answered; its log says why.")
            }
            return answer
        }
    }

    static let newline = UInt8(ascii: "\n")

    /// The bytes up to the first newline; nil when the other end has gone, or talks too much.
    static func line(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, bytesMax: Int = lineBytesMax
    ) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        for try await buffer in inbound {
            let known = bytes.count
            bytes += Array(buffer.readableBytesView)
            if let end = bytes[known...].firstIndex(of: newline) { return Array(bytes[..<end]) }
            guard bytes.count <= bytesMax else { return nil }
        }
        return nil
    }
}
