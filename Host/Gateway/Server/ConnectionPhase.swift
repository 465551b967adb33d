/// What one connection waits for; decides nothing about bytes, only what may happen next and how long it may take.
///
/// Time limits are absolute from the moment a phase begins, so a client that sends one byte at a time gains nothing.
enum ConnectionPhase: Equatable {
    /// No byte of a next request has come.
    case idle
    /// Some bytes of a head have come.
    case head
    /// The head is complete, the body isn't.
    case body
    /// The request is with the responder.
    case answering
    /// The head of a streamed answer is out, its end isn't.
    case streaming
    /// The last answer is written; what still comes is dropped until the client closes.
    case lingering
    case closed

    /// How long the phase may last; nil for those with another limit.
    func timeout(_ configuration: ServerConfiguration) -> Duration? {
        switch self {
        case .idle: configuration.idleTimeout
        case .head: configuration.headerTimeout
        case .body: configuration.bodyTimeout
        case .lingering: configuration.lingerTimeout
        case .answering, .streaming, .closed: nil
        }
    }

    /// Whether more bytes may be read from the socket now.
    ///
    /// Not while a request is answered: a client that pipelines waits in its own send buffer, not in our memory.
    var readsMore: Bool {
        switch self {
        case .idle, .head, .body, .lingering: true
        case .answering, .streaming, .closed: false
        }
    }
}
