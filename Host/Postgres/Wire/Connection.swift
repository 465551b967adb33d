import CLibPQ
import HostModel
import NIOCore
import NIOPosix

/// One connection to PostgreSQL in libpq's pipeline mode, from its opening to its loss or close.
///
/// It belongs to one event loop and never blocks it. Units go out at once, back to back, and ``Pipeline`` pairs what
/// comes back. It doesn't reconnect: ``Lane``, ``ConnectionPool`` and ``Listener`` each have their own idea of that.
///
/// `@unchecked Sendable`: everything but ``submit(_:)`` and ``close()`` is called on the loop only, and these two hop.
@safe final class Connection: @unchecked Sendable {
    /// How often deadlines are looked at while units are in flight: they fire up to this late.
    private static let tick = TimeAmount.milliseconds(25)

    let loop: any EventLoop
    let socket: CInt
    private let queueMax: Int
    private let blockingCalls: NIOThreadPool
    /// Nil once it is lost or closed.
    private var handle: OpaquePointer?
    private var watch: SocketWatch?
    private var pipeline = Pipeline<PendingUnit, Rows>()
    private var names: PreparedNames
    private var parameters = ParameterText()
    /// Units that wait because the socket takes no more for now.
    private var outgoing = CircularBuffer<PendingUnit>()
    private(set) var isFlushPending = false
    private var isTicking = false
    private var onLoss: (@Sendable (DatabaseError) -> Void)?
    private var onIdle: (@Sendable () -> Void)?
    private var onAnswers: (@Sendable () -> Void)?
    private var onNotification: (@Sendable (_ channel: String, _ payload: String) -> Void)?

    /// Takes over an open connection; call on `loop`, then ``begin(onLoss:onNotification:)``.
    init(
        _ opened: OpenedConnection, loop: any EventLoop, configuration: DatabaseConfiguration,
        blockingCalls: NIOThreadPool
    ) {
        self.loop = loop
        self.socket = unsafe PQsocket(opened.pointer)
        self.queueMax = configuration.queueMax
        self.blockingCalls = blockingCalls
        unsafe self.handle = unsafe opened.pointer
        self.names = PreparedNames(countMax: configuration.preparedMax)
    }

    deinit {
        // Sound: nobody else has the pointer, and it is set to nil wherever it is given back before.
        if let handle = unsafe handle { unsafe PQfinish(handle) }
    }

    /// Starts to hear from the server.
    ///
    /// - Parameters:
    ///   - onLoss: Called once on the loop, when the connection ends in any way but ``close()``.
    ///   - onIdle: Called on the loop when the last unit that was sent has been answered.
    ///   - onAnswers: Called on the loop after all answers that came together: there is room for further units.
    func begin(
        onLoss: @escaping @Sendable (DatabaseError) -> Void, onIdle: (@Sendable () -> Void)? = nil,
        onAnswers: (@Sendable () -> Void)? = nil,
        onNotification: (@Sendable (_ channel: String, _ payload: String) -> Void)? = nil
    ) throws(DatabaseError) {
        self.onLoss = onLoss
        self.onIdle = onIdle
        self.onAnswers = onAnswers
        self.onNotification = onNotification
        let watch = try SocketWatch.current(on: loop)
        try watch.add(self)
        self.watch = watch
    }

    var isOpen: Bool { unsafe handle != nil }

    /// Units that were submitted and not answered yet.
    var unitCount: Int { pipeline.count + outgoing.count }

    /// No unit is in flight and the server is in no transaction.
    var isIdle: Bool {
        guard let handle = unsafe handle, pipeline.isEmpty, outgoing.isEmpty else { return false }
        return unsafe PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    /// Sends a unit, or queues it; its waiter is answered in any case.
    func submit(_ unit: PendingUnit) {
        guard loop.inEventLoop else { return loop.execute { self.submit(unit) } }
        guard isOpen else { return unit.fail(.unavailable, "the connection is closed") }
        guard unitCount < queueMax else {
            return unit.fail(.queueFull, "\(queueMax) units are waiting")
        }
        if let flaw = unit.flaw { return unit.finish(.failure(flaw)) }
        if isFlushPending { outgoing.append(unit) } else { send(unit) }
        startTicking()
    }

    /// Ends the connection; units in flight fail. Without effect the second time.
    func close() {
        guard loop.inEventLoop else { return loop.execute { self.close() } }
        onLoss = nil
        lose(DatabaseError(.unavailable, detail: "the connection was closed"))
    }

    private func lose(_ error: DatabaseError) {
        guard let handle = unsafe handle else { return }
        unsafe self.handle = nil
        watch?.remove(self)
        watch = nil
        unsafe PQfinish(handle)
        let waiting = pipeline.lose() + outgoing
        outgoing.removeAll()
        for unit in waiting { unit.finish(.failure(error)) }
        onLoss?(error)
        onLoss = nil
        onIdle = nil
        onAnswers = nil
        onNotification = nil
    }
}

// MARK: - Sending

extension Connection {
    private func send(_ unit: PendingUnit) {
        guard let handle = unsafe handle else { return unit.fail(.unavailable, "the connection is closed") }
        var parses: [(position: Int, statement: SQLStatement)] = []
        var position = 0
        var isSent = true
        for command in unit.commands where isSent {
            let use = names.use(command.statement)
            if case .parse(let serverName) = use {
                parses.append((position, command.statement))
                position += 1
                isSent = unsafe PQsendPrepare(handle, serverName, command.statement.text, 0, nil) == 1
            }
            isSent = unsafe isSent && send(command, use, on: handle)
            position += 1
        }
        pipeline.sent(
            unit, parses: parses, commandCount: position, deadline: unit.deadline, mayRetry: unit.mayRetry)
        guard isSent, unsafe PQpipelineSync(handle) == 1 else {
            // Half a unit is out: nothing after it could be paired.
            return unsafe lose(DatabaseError(connection: handle))
        }
        flush()
    }

    private func send(_ command: SQLCommand, _ use: PreparedNames.Use, on handle: OpaquePointer) -> Bool {
        let count = Int32(command.parameters.count)
        // Sound: libpq copies names, text and values into its own buffer before it returns.
        return unsafe parameters.lend(command.parameters) { values in
            switch use {
            case .named(let name), .parse(let name):
                unsafe PQsendQueryPrepared(handle, name, count, values, nil, nil, 0) == 1
            case .unnamed:
                unsafe PQsendQueryParams(handle, command.statement.text, count, nil, values, nil, nil, 0) == 1
            }
        }
    }

    /// Gives the socket what it takes; the rest goes out when it is ready again.
    private func flush() {
        guard let handle = unsafe handle else { return }
        switch unsafe PQflush(handle) {
        case 0: isFlushPending = false
        case 1: isFlushPending = true
        default: unsafe lose(DatabaseError(connection: handle))
        }
    }

    private func sendOutgoing() {
        while !isFlushPending, isOpen, let unit = outgoing.popFirst() { send(unit) }
    }
}

// MARK: - Receiving

extension Connection {
    /// The socket has something to read, takes something to write, or has ended.
    func socketIsReady() {
        guard let handle = unsafe handle else { return }
        if isFlushPending { flush() }
        guard isOpen else { return }
        guard unsafe PQconsumeInput(handle) == 1 else {
            takeAnswers()
            return unsafe lose(DatabaseError(connection: handle))
        }
        takeAnswers()
        takeNotifications()
        sendOutgoing()
    }

    /// Takes what libpq has read already; it also reads while it sends.
    func takeAnswers() {
        let before = unitCount
        takeEachAnswer()
        if unitCount < before { onAnswers?() }
    }

    private func takeEachAnswer() {
        var isSeparated = false
        while let handle = unsafe handle, !pipeline.isEmpty, unsafe PQisBusy(handle) == 0 {
            guard let result = unsafe PQgetResult(handle) else {
                // One NULL ends each command's results; a second one means that libpq expects nothing more.
                if isSeparated { return lose(unpaired) }
                isSeparated = true
                continue
            }
            isSeparated = false
            guard let answer = unsafe Self.answer(result) else { return lose(unpaired) }
            // The server says goodbye: nothing in flight will be answered any more.
            if case .refused(let error) = answer, error.code == .unavailable { return lose(error) }
            perform(pipeline.on(answer))
        }
    }

    private var unpaired: DatabaseError {
        if let handle = unsafe handle, unsafe PQstatus(handle) == CONNECTION_BAD {
            return unsafe DatabaseError(connection: handle)
        }
        return DatabaseError(.protocolViolation, detail: "answers and questions don't pair up")
    }

    /// Nil for what nobody asked for, such as COPY.
    private static func answer(_ result: OpaquePointer) -> Pipeline<PendingUnit, Rows>.Answer? {
        switch unsafe PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            return unsafe .done(Rows(owning: result))
        default: break
        }
        defer { unsafe PQclear(result) }
        switch unsafe PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC: return .synced
        case PGRES_PIPELINE_ABORTED: return .aborted
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE: return unsafe .refused(DatabaseError(result: result))
        default: return nil
        }
    }

    private func perform(_ action: Pipeline<PendingUnit, Rows>.Action) {
        switch action {
        case .none: break
        case .parsed(let statement, let isPrepared): names.parsed(statement, isPrepared)
        case .finish(let unit, let outcome): unit.finish(outcome)
        case .retry(var unit, let isPlanStale):
            if isPlanStale { unit.commands.forEach { names.distrust($0.statement) } }
            unit.mayRetry = false
            submit(unit)
        case .disconnect: lose(unpaired)
        }
        if isOpen, pipeline.isEmpty, outgoing.isEmpty { onIdle?() }
    }

    private func takeNotifications() {
        guard let onNotification else { return }
        while let handle = unsafe handle, let notification = unsafe PQnotifies(handle) {
            // Sound: both strings are copied before the structure is freed.
            let channel = unsafe String(cString: notification.pointee.relname)
            let payload = unsafe String(cString: notification.pointee.extra)
            unsafe PQfreemem(notification)
            onNotification(channel, payload)
        }
    }
}

// MARK: - Time

extension Connection {
    private func startTicking() {
        guard !isTicking, isOpen, !pipeline.isEmpty || !outgoing.isEmpty else { return }
        isTicking = true
        loop.scheduleTask(in: Self.tick) {
            self.isTicking = false
            // Costs nothing at this rate, and a signal that got lost can't hang anybody.
            self.watch?.drain()
            self.look(at: .now())
            self.startTicking()
        }
    }

    private func look(at now: NIODeadline) {
        let due = pipeline.due(at: now)
        let unsent = outgoing.filter { $0.deadline <= now }
        if !unsent.isEmpty { outgoing = CircularBuffer(outgoing.filter { $0.deadline > now }) }
        for unit in due.expired + unsent { unit.fail(.deadlineExceeded, "the unit's deadline passed") }
        if due.cancelsHead { cancelHead() }
        if due.isStalled { lose(DatabaseError(.unavailable, detail: "the server didn't react to a cancel")) }
    }

    /// Asks the server, over a connection of its own, to stop what it is doing here. Blocks, so on a thread.
    private func cancelHead() {
        guard let handle = unsafe handle, let ticket = unsafe PQgetCancel(handle) else { return }
        let cancel = unsafe CancelTicket(pointer: ticket)
        blockingCalls.submit { [self] _ in
            cancel.send()
            loop.execute { self.pipeline.cancelEnded() }
        }
    }
}
