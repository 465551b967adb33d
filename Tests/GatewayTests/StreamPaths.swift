import HostGateway
import HostModel
import NIOCore

/// The streamed answers of ``PathResponder``.
extension PathResponder {
    static let piece = String(repeating: "#", count: 65_536)
    static let pieceCount = 400

    /// Nil for a path that isn't streamed.
    func stream(_ path: String) -> HTTPStream? {
        switch path {
        case "/stream":
            HTTPStream(deadline: .seconds(30)) { writer in
                for number in 1...3 { try await writer.write(ByteBuffer(string: "piece \(number);")) }
            }
        case "/stream/empty": HTTPStream(deadline: .seconds(30)) { _ in }
        case "/stream/known":
            HTTPStream(length: 6, deadline: .seconds(30)) { writer in
                try await writer.write(ByteBuffer(string: "abc"))
                try await writer.write(ByteBuffer(string: "def"))
            }
        case "/stream/short":
            HTTPStream(length: 6, deadline: .seconds(30)) { writer in
                try await writer.write(ByteBuffer(string: "abc"))
            }
        case "/stream/refused": HTTPStream(deadline: .seconds(30)) { _ in throw Problem.notFound("thing") }
        case "/stream/broken":
            HTTPStream(deadline: .seconds(30)) { writer in
                try await writer.write(ByteBuffer(string: "begun"))
                throw Problem.unavailable()
            }
        case "/stream/large", "/stream/late":
            HTTPStream(
                deadline: path == "/stream/late" ? .milliseconds(40) : .seconds(30)
            ) { [arrived, cancelled] writer in
                do {
                    for _ in 0..<Self.pieceCount {
                        try await writer.write(ByteBuffer(string: Self.piece))
                        arrived.append(".")
                    }
                } catch {
                    cancelled.append(path)
                    throw error
                }
            }
        default: nil
        }
    }
}
