import Foundation
import NIOCore
import Testing

@testable import HostPostgres

struct PoolStateTests {
    private typealias State = PoolState<String>
    private let busy = UUID()
    private let quiet = UUID()

    /// What was decided, as words.
    private func words(_ actions: [State.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .lease(let id, let waiter): "\(id) to \(waiter)"
            case .connect(let id): "connect \(id)"
            case .close(let id): "close \(id)"
            case .fail(let waiter, let error): "\(waiter): \(error.code)"
            }
        }
    }

    /// A pool of three, of which the busy owner has its two.
    private func shared() -> State {
        var state = State(connectionMax: 3, shareMax: 2, queueMax: 3, grace: .zero)
        #expect(words(state.request(1, "busy1", of: busy)) == ["connect 0"])
        #expect(words(state.request(2, "busy2", of: busy)) == ["connect 1"])
        #expect(words(state.connected(0)) == ["0 to busy1"])
        #expect(words(state.connected(1)) == ["1 to busy2"])
        return state
    }

    @Test func `an owner with its whole share waits though a connection is idle, and another one gets it`() {
        var state = shared()
        #expect(words(state.request(3, "busy3", of: busy)) == ["connect 2"])
        #expect(words(state.connected(2)) == [])
        #expect(words(state.request(4, "quiet", of: quiet)) == ["2 to quiet"])
        #expect(words(state.released(0, isReusable: true)) == ["0 to busy3"])
    }

    @Test func `the host itself may have every connection`() {
        var state = shared()
        #expect(words(state.request(3, "host", of: nil)) == ["connect 2"])
        #expect(words(state.connected(2)) == ["2 to host"])
    }

    @Test func `what is given back goes to the owners in turn`() {
        var state = shared()
        _ = state.request(3, "busy3", of: busy)
        _ = state.request(4, "busy4", of: busy)
        _ = state.request(5, "quiet", of: quiet)
        #expect(words(state.connected(2)) == ["2 to quiet"])
        #expect(words(state.released(2, isReusable: true)) == [], "the busy one has its share")
        #expect(words(state.released(0, isReusable: true)) == ["0 to busy3"])
        #expect(state.waitingCount == 1)
    }

    @Test func `a full line refuses whoever filled it, and makes room for others`() {
        var state = shared()
        for ticket in 3...5 { _ = state.request(State.Ticket(ticket), "busy\(ticket)", of: busy) }
        #expect(words(state.request(6, "busy6", of: busy)) == ["busy6: queue_full"])
        #expect(words(state.request(7, "quiet", of: quiet)).contains("busy5: queue_full"))
        let late = NIODeadline.uptimeNanoseconds(9)
        let told = state.look(at: 7, likes: late, deadline: late, late)
        #expect(words(told.actions) == ["quiet: deadline_exceeded"])
    }

    @Test func `whoever stood in line for long enough is told whether it was its deadline`() {
        var state = shared()
        _ = state.request(3, "busy3", of: busy)
        let (likes, now) = (NIODeadline.uptimeNanoseconds(8), NIODeadline.uptimeNanoseconds(9))
        let patient = state.look(at: 3, likes: now + .seconds(1), deadline: .distantFuture, now)
        #expect(patient.isWaiting && patient.actions.isEmpty)
        let told = state.look(at: 3, likes: likes, deadline: .distantFuture, now)
        #expect(words(told.actions) == ["busy3: queue_full"] && !told.isWaiting)
        let gone = state.look(at: 3, likes: likes, deadline: .distantFuture, now)
        #expect(gone.actions.isEmpty && !gone.isWaiting)
        #expect(state.waitingCount == 0)
    }

    @Test func `a connection that broke in somebody's hands is closed, and one is made for the next`() {
        var state = shared()
        _ = state.request(3, "busy3", of: busy)
        #expect(words(state.released(1, isReusable: false)) == ["close 1"], "one is being made already")
        #expect(words(state.connected(2)) == ["2 to busy3"])
    }

    @Test func `closing refuses those who wait, and closes what nobody has`() {
        var state = shared()
        _ = state.request(3, "busy3", of: busy)
        #expect(words(state.released(0, isReusable: true)) == ["0 to busy3"])
        #expect(words(state.connected(2)) == [])
        _ = state.request(4, "busy4", of: busy)
        #expect(words(state.close()) == ["close 2", "busy4: unavailable"])
        #expect(words(state.request(5, "late", of: nil)) == ["late: unavailable"])
        #expect(words(state.released(0, isReusable: true)) == ["close 0"])
    }
}
