import HostModel
import NIOHTTP1
import Testing

/// What the connections of a load ask of `core` and `hs`: of four one performs an operation, one lists, two read.
struct OrderLoad: Sendable {
    private let orders: [String]

    /// Makes the orders that are asked for, one for each four connections.
    init(_ firm: Firm, connectionCount: Int) async throws {
        var orders: [String] = []
        for _ in 0..<max(1, connectionCount / 4) {
            orders.append("\(Firm.hs)/work-orders/\(try #require(try await firm.workOrder()["id"]?.string))")
        }
        self.orders = orders
    }

    /// - Returns: What was wrong with the answer, nil when it was good.
    func ask(_ connection: LoadConnection, _ number: Int) async throws -> String? {
        let order = orders[number / 4 % orders.count]
        let answer: Answer
        switch number % 4 {
        case 0:
            answer = try await connection.send(
                .POST, "\(order)/actions/set-lines",
                ["lines": [["description": "Call-out", "qty_milli": 1000, "unit_price_minor": 2500]]])
        case 1: answer = try await connection.send(.GET, "\(Firm.core)/items?limit=5")
        default: answer = try await connection.send(.GET, order)
        }
        return answer.status == 200 ? nil : "\(answer.status) \(answer.code ?? answer.text)"
    }
}
