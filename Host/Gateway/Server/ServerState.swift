import NIOCore
import Synchronization

/// What all connections of one server share: who is connected, how many requests run, whether the server is stopping.
final class ServerState: Sendable {
    private let connections = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let draining = Atomic<Bool>(false)
    private let requests = Atomic<Int>(0)
    private let connectionsMax: Int
    let bodyRoom: BodyRoom

    init(_ configuration: ServerConfiguration) {
        connectionsMax = configuration.connectionsMax
        bodyRoom = BodyRoom(bytesMax: configuration.bodyRoomBytes)
    }

    var isDraining: Bool { draining.load(ordering: .relaxed) }
    var inFlight: Int { requests.load(ordering: .relaxed) }
    var connectionCount: Int { connections.withLock(\.count) }

    func requestStarted() { requests.wrappingAdd(1, ordering: .relaxed) }
    func requestEnded() { requests.wrappingSubtract(1, ordering: .relaxed) }

    /// Adds a connection; false when there are as many as may be.
    func admit(_ channel: any Channel) -> Bool {
        connections.withLock { connections in
            guard connections.count < connectionsMax else { return false }
            connections[ObjectIdentifier(channel)] = channel
            return true
        }
    }

    func remove(_ channel: any Channel) {
        connections.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// From here on every answer says `Connection: close`.
    func startDraining() { draining.store(true, ordering: .relaxed) }

    /// The channels that are open now.
    func openChannels() -> [any Channel] { connections.withLock { Array($0.values) } }
}
