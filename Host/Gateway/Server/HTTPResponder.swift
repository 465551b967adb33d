package import HostModel
package import NIOHTTP1

/// Answers whole requests; the engine below it knows no routes.
package protocol HTTPResponder: Sendable {
    /// What was found out from the head alone; kept with the request until it is answered.
    associatedtype Match: Sendable

    /// Called on the event loop when a head is complete, before its body is read.
    func match(_ head: HTTPRequestHead) -> Match

    /// How many bytes of body the match allows; more is 413.
    func bodyBytesMax(_ match: Match) -> Int

    /// How long answering may take; after it the task is cancelled.
    func deadline(_ match: Match) -> Duration

    /// Called in a task that prefers the connection's event loop; cancelled when the client goes away.
    func respond(to request: HTTPRequest, _ match: Match) async -> HTTPResponse

    /// The answer to a request whose streamed answer ended in an error before its first byte.
    func answer(to error: any Error, id: RequestID) -> HTTPResponse

    /// The answer to bytes that are no acceptable request; the connection is closed after it.
    func refuse(_ problem: Problem, id: RequestID) -> HTTPResponse
}
