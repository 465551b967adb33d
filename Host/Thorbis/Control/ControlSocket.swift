import Foundation
import HostModel
import NIOCore
import NIOPosix

/// The sockets by which operators' commands reach running hosts: `control-<pid>.sock` in the data folder, which only
/// the folder's owner may open.
enum ControlSocket {
    /// A longer question or answer is refused.
    static let lineBytesMax = 1 << 20
    /// How long a host may take to answer; it probes each new library for two seconds at most.
    private static let patience: TimeAmount = .seconds(120)

    static func path(in data: DataFolder) -> String {
        data.url.appending(path: "control-\(ProcessInfo.processInfo.processIdentifier).sock").path()
    }

    /// Asks every host of an installation; one that has gone is left out, and its socket removed.
    static func ask(_ request: ControlRequest, in folder: URL) async throws -> [JSONValue] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        var answers: [JSONValue] = []
        for name in names.sorted() where name.hasPrefix("control-") && name.hasSuffix(".sock") {
            let path = folder.appending(path: name).path()
            guard let channel = try? await connect(path) else {
                try? FileManager.default.removeItem(atPath: path)
                continue
            }
            answers.append(try await ask(request, over: channel))
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
        _ request: ControlRequest, over channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    ) async throws -> JSONValue {
        let late = channel.channel.eventLoop.scheduleTask(in: patience) { channel.channel.close(promise: nil) }
        defer { late.cancel() }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: request.json.utf8 + [newline]))
            guard let line = try await line(inbound), let answer = try? JSONParser.parse(line) else {
                throw CommandFailure.environment(
                    "the host ended, or took longer than two minutes, before it answered; its log says why.")
            }
            return answer
        }
    }

    static let newline = UInt8(ascii: "\n")

    /// The bytes up to the first newline; nil when the other end has gone, or talks too much.
    static func line(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        for try await buffer in inbound {
            bytes += Array(buffer.readableBytesView)
            if let end = bytes.firstIndex(of: newline) { return Array(bytes[..<end]) }
            guard bytes.count <= lineBytesMax else { return nil }
        }
        return nil
    }
}
