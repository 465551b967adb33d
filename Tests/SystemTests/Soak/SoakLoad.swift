import NIOPosix
import Synchronization

/// Many connections that ask on and on, and what became of every request.
struct SoakLoad: Sendable {
    struct Tally: Sendable {
        var answered = 0
        /// What went wrong, and how often.
        var failures: [String: Int] = [:]

        var failed: Int { failures.values.reduce(0, +) }
    }

    /// What one connection asks in its turn; nil when the answer was good, else what was wrong.
    typealias Ask = @Sendable (_ connection: LoadConnection, _ number: Int) async throws -> String?

    let client: HTTPClient
    var connectionCount = 64
    let ask: Ask

    /// Asks until the body has ended.
    func during(_ body: @Sendable @escaping () async throws -> Void) async throws -> Tally {
        let isOver = Flag()
        return try await withThrowingTaskGroup(of: Tally.self) { group in
            for number in 0..<connectionCount {
                group.addTask { await self.run(number, until: isOver) }
            }
            group.addTask {
                defer { isOver.set() }
                try await body()
                return Tally()
            }
            return try await group.reduce(into: Tally()) { sum, one in
                sum.answered += one.answered
                sum.failures.merge(one.failures, uniquingKeysWith: +)
            }
        }
    }

    private func run(_ number: Int, until isOver: Flag) async -> Tally {
        let connection = LoadConnection(client)
        var tally = Tally()
        while !isOver.isSet {
            do {
                if let wrong = try await ask(connection, number) { tally.failures[wrong, default: 0] += 1 }
                tally.answered += 1
            } catch {
                tally.failures[error is NIOConnectionError ? "no connection" : "\(error)", default: 0] += 1
                // Who finds nobody at the other end asks again, as a client does, a little later.
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
        await connection.close()
        return tally
    }

    final class Flag: Sendable {
        private let value = Atomic(false)
        var isSet: Bool { value.load(ordering: .relaxed) }
        func set() { value.store(true, ordering: .relaxed) }
    }
}
