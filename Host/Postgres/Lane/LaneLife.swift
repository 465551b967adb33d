/// When a lane connects again. Pure: ``Lane`` does what it decides.
struct LaneLife {
    enum Event {
        case started
        case connected
        case connectFailed
        case lost
        /// The time of a `connectAfter` is over.
        case waited
        case closed
    }

    enum Action: Equatable {
        case none
        case connect
        case connectAfter(Duration)
        /// Use the connection that has just come.
        case adopt
        /// Close the connection: nobody wants it any more.
        case discard
    }

    enum State: Equatable {
        case new
        case connecting
        case connected
        case waiting
        case closed
    }

    private(set) var state = State.new
    private var backoff = Backoff()

    mutating func on(_ event: Event, using generator: inout some RandomNumberGenerator) -> Action {
        switch (state, event) {
        case (.new, .started), (.waiting, .waited):
            state = .connecting
            return .connect
        case (.connecting, .connected):
            state = .connected
            backoff.reset()
            return .adopt
        case (.connecting, .connectFailed), (.connected, .lost):
            state = .waiting
            return .connectAfter(backoff.next(using: &generator))
        case (.closed, .connected):
            return .discard
        case (.connected, .closed):
            state = .closed
            return .discard
        case (_, .closed):
            state = .closed
            return .none
        default:
            return .none
        }
    }
}
