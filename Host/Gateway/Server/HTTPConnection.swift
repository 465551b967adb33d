import HostModel
import NIOCore
import NIOHTTP1

/// The engine's side of one connection: requests in order, one task for each, answers in the same order.
///
/// All of it runs on the connection's event loop. Parts that come while a request is answered wait in `pending`, which
/// holds at most what one read gave, because reading stops meanwhile.
final class HTTPConnection<Responder: HTTPResponder>: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// The request that is being read or answered.
    struct Exchange {
        let id: RequestID
        let head: HTTPRequestHead
        let fields: HeaderFields
        let match: Responder.Match
        let bodyBytesMax: Int
        let arrival: NIODeadline
        /// Held until the request is answered.
        let reservation: BodyReservation?
        var body = ByteBuffer()
    }

    /// What an answer that is being streamed needs to go on.
    struct Streaming {
        let keepsAlive: Bool
        let isChunked: Bool
        /// Bytes still to come; nil when nobody knows.
        var bytesLeft: Int?
        let end: NIODeadline
        /// Waits for room in the socket's buffer.
        var writer: CheckedContinuation<Void, any Error>?
    }

    let configuration: ServerConfiguration
    let responder: Responder
    let state: ServerState
    private let loop: ServerLoop
    var phase = ConnectionPhase.idle
    var exchange: Exchange?
    var streaming: Streaming?
    var task: Task<Void, Never>?
    private var pending = CircularBuffer<HTTPServerRequestPart>()
    private var isReadHeld = false
    /// Whether bytes came that are no request; nothing after them can be read.
    private var isBroken = false
    var context: ChannelHandlerContext?
    private var peer = ""
    private var deadline = NIODeadline.distantFuture
    private var timer: Scheduled<Void>?
    private var timerDeadline = NIODeadline.distantFuture

    init(configuration: ServerConfiguration, responder: Responder, state: ServerState, loop: ServerLoop) {
        self.configuration = configuration
        self.responder = responder
        self.state = state
        self.loop = loop
    }

    // MARK: Life of the connection

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        peer = context.remoteAddress?.ipAddress ?? ""
        guard state.admit(context.channel) else {
            answerLast(.unavailable(), id: loop.nextRequestID())
            return
        }
        // A new connection has no grace of its own: its first head is awaited at once.
        enter(.head)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state.remove(context.channel)
        phase = .closed
        timer?.cancel()
        task?.cancel()
        endWaiting(HTTPStreamEnded())
        streaming = nil
        pending.removeAll()
        exchange = nil
        self.context = nil
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        if phase == .idle || phase == .head || phase == .lingering { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else {
            // Errors of the socket, or bytes after a parser error: there is nobody to answer.
            if phase != .lingering { context.close(promise: nil) }
            return
        }
        guard phase != .answering, phase != .streaming else {
            // The request before the bad bytes is still being answered; its answer comes first and is the last one.
            pending.removeAll()
            isBroken = true
            return
        }
        refuse(Framing.problem(error))
    }

    // MARK: Reading

    func read(context: ChannelHandlerContext) {
        guard phase.readsMore, context.channel.isWritable else {
            isReadHeld = true
            return
        }
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if phase == .streaming, context.channel.isWritable { endWaiting(nil) }
        takePending()
        context.fireChannelWritabilityChanged()
    }

    private func resumeReading() {
        guard isReadHeld, phase.readsMore, let context, context.channel.isWritable else { return }
        isReadHeld = false
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = Self.unwrapInboundIn(data)
        switch phase {
        case .answering, .streaming: pending.append(part)
        case .lingering, .closed: break
        case .idle, .head, .body: take(part)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Bytes came and no part of a request did: a head has begun.
        if phase == .idle { enter(.head) }
        // Only a body that didn't come with its head in one read needs a timer.
        if phase == .body, deadline == .distantFuture { enter(.body) }
        context.fireChannelReadComplete()
    }

    private func take(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head): begin(head)
        case .body(var bytes): append(&bytes)
        case .end: dispatch()
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        let fields = HeaderFields(head.headers)
        let id = loop.nextRequestID()
        if let fault = Framing.fault(head, fields) { return answerLast(fault, id: id) }
        let match = responder.match(head)
        let bodyBytesMax = responder.bodyBytesMax(match)
        if let length = fields.contentLength.flatMap(Int.init), length > bodyBytesMax {
            return answerLast(Self.tooLarge(bodyBytesMax), id: id)
        }
        let bodyBytes = fields.contentLength.flatMap(Int.init) ?? (fields.transferEncoding == nil ? 0 : bodyBytesMax)
        let isLarge = bodyBytes > configuration.largeBodyBytes
        let reservation = isLarge ? state.bodyRoom.reserve(bodyBytes) : nil
        if isLarge, reservation == nil { return answerLast(.unavailable(), id: id) }
        exchange = Exchange(
            id: id, head: head, fields: fields, match: match, bodyBytesMax: bodyBytesMax, arrival: .now(),
            reservation: reservation)
        phase = .body
        deadline = .distantFuture
        if let expect = fields.expect, expect.lowercased() == "100-continue" { writeContinue() }
    }

    private func append(_ bytes: inout ByteBuffer) {
        guard var exchange else { return }
        // Taken out while it is changed, so that the buffer grows in place.
        self.exchange = nil
        guard exchange.body.readableBytes + bytes.readableBytes <= exchange.bodyBytesMax else {
            return answerLast(Self.tooLarge(exchange.bodyBytesMax), id: exchange.id)
        }
        if exchange.body.readableBytes == 0 { exchange.body = bytes } else { exchange.body.writeBuffer(&bytes) }
        self.exchange = exchange
    }

    // MARK: Answering

    /// A task of its own for the request, unstructured because the channel's callbacks can't wait; it is cancelled
    /// when the connection closes, and its answer is dropped then.
    private func dispatch() {
        guard let exchange else { return }
        enter(.answering)
        setDeadline(after: responder.deadline(exchange.match))
        state.requestStarted()
        let request = HTTPRequest(
            id: exchange.id, head: exchange.head, body: exchange.body, peer: peer, arrival: exchange.arrival,
            fields: exchange.fields)
        let connection = NIOLoopBound(self, eventLoop: loop.executor.loop)
        task = Task(executorPreference: loop.executor) { [responder, eventLoop = loop.executor.loop] in
            let response = await responder.respond(to: request, exchange.match)
            guard case .stream(let stream) = response.body, request.method != .HEAD else {
                return eventLoop.here { connection.value.finish(response) }
            }
            let failure = await stream.failure(
                of: HTTPStreamWriter { piece, waiter in
                    eventLoop.here { connection.value.write(piece, of: stream, response, waiter) }
                })
            eventLoop.here { connection.value.endStream(stream, of: response, failure) }
        }
    }

    func finish(_ response: HTTPResponse) {
        state.requestEnded()
        task = nil
        guard phase == .answering, let exchange else { return }
        self.exchange = nil
        let keepsAlive = keepsAlive(after: response, exchange)
        write(response, id: exchange.id, head: exchange.head, keepsAlive: keepsAlive)
        guard keepsAlive else { return linger() }
        enter(.idle)
        takePending()
    }

    func keepsAlive(after response: HTTPResponse, _ exchange: Exchange) -> Bool {
        exchange.head.isKeepAlive && !exchange.fields.isUpgrade && !response.closesConnection
            && !state.isDraining && !isBroken
    }

    /// Goes on with what came while a request was answered.
    ///
    /// A client that doesn't read its answers gets no further ones: one read can hold a thousand short requests, and
    /// their answers would all wait in our memory.
    func takePending() {
        while phase == .body || phase == .idle && context?.channel.isWritable == true, let part = pending.popFirst() {
            take(part)
        }
        if phase == .body, deadline == .distantFuture { enter(.body) }
        resumeReading()
    }

    private func refuse(_ problem: Problem) {
        guard phase != .lingering, phase != .closed else { return }
        answerLast(problem, id: exchange?.id ?? loop.nextRequestID())
    }

    /// Answers a request that isn't read to its end, and reads no further one.
    private func answerLast(_ problem: Problem, id: RequestID) {
        // Before the write, which may say at once that there is room for more.
        phase = .lingering
        write(responder.refuse(problem, id: id), id: id, head: exchange?.head, keepsAlive: false)
        linger()
    }

    func write(_ response: HTTPResponse, id: RequestID, head: HTTPRequestHead?, keepsAlive: Bool) {
        guard let context else { return }
        let encoding = ResponseEncoder.Context(
            request: id, dateLine: loop.currentDateLine(), isHead: head?.method == .HEAD, keepsAlive: keepsAlive,
            isVersion1_0: head?.version == .http1_0)
        let bytes = ResponseEncoder.encode(response, encoding, allocator: context.channel.allocator)
        context.writeAndFlush(Self.wrapOutboundOut(.byteBuffer(bytes)), promise: nil)
    }

    private func writeContinue() {
        context?.writeAndFlush(
            Self.wrapOutboundOut(.byteBuffer(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n"))), promise: nil)
    }

    /// Ends our side and drops what still comes: closing with unread bytes would reset the connection, and the client
    /// could lose the answer.
    func linger() {
        guard phase != .closed, let context else { return }
        exchange = nil
        pending.removeAll()
        enter(.lingering)
        context.close(mode: .output, promise: nil)
        resumeReading()
    }

    private static func tooLarge(_ bodyBytesMax: Int) -> Problem {
        Problem(
            .bodyTooLarge, "The body of this request may have at most \(bodyBytesMax) bytes.",
            members: ["max_bytes": .int(Int64(bodyBytesMax))])
    }

    // MARK: Time limits

    func enter(_ next: ConnectionPhase) {
        phase = next
        guard let timeout = next.timeout(configuration) else {
            deadline = .distantFuture
            return
        }
        setDeadline(after: timeout)
    }

    private func setDeadline(after timeout: Duration) {
        setDeadline(.now() + TimeAmount(timeout))
    }

    func setDeadline(_ deadline: NIODeadline) {
        self.deadline = deadline
        if deadline < timerDeadline { startTimer() }
    }

    /// One timer per connection: it wakes at the earliest deadline it knew of and sleeps on when that has moved.
    private func startTimer() {
        timer?.cancel()
        timerDeadline = deadline
        let connection = NIOLoopBound(self, eventLoop: loop.executor.loop)
        timer = loop.executor.loop.scheduleTask(deadline: deadline) { connection.value.timerFired() }
    }

    private func timerFired() {
        timerDeadline = .distantFuture
        guard phase != .closed, deadline != .distantFuture else { return }
        guard deadline <= .now() else { return startTimer() }
        switch phase {
        case .streaming: cutStream()
        case .body:
            refuse(Problem(.requestTimeout, "The body of the request took too long to arrive."))
        case .idle, .head, .lingering: context?.close(promise: nil)
        case .answering: answeringTookTooLong()
        case .closed: break
        }
    }

    /// First the task is cancelled and may still say what became of the request; if it doesn't, we do.
    private func answeringTookTooLong() {
        guard let task, let exchange else { return }
        guard task.isCancelled else {
            task.cancel()
            return setDeadline(after: configuration.cancelGrace)
        }
        answerLast(
            Problem(.deadlineExceeded, "The request took too long; whether it took effect is not known."),
            id: exchange.id)
    }
}
