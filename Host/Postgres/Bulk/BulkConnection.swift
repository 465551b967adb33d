import CLibPQ
import Glibc
import HostModel
import NIOCore
import Synchronization

/// A connection outside pipeline mode, which COPY needs. Every call blocks: on a thread of the bulk pool only.
///
/// `@unchecked Sendable`: one call at a time, each on whichever thread; ``cancel()`` touches only what libpq makes for
/// other threads.
@safe final class BulkConnection: @unchecked Sendable {
    /// How often a call that waits for the server looks whether it was cancelled.
    private static let sliceMilliseconds: Int64 = 100

    private var handle: OpaquePointer?
    private let ticket: CancelTicket?
    private let isCancelled = Atomic(false)

    /// Connects; blocks up to the connect time-out.
    init(_ configuration: DatabaseConfiguration) throws(DatabaseError) {
        let opened = try configuration.openPlain()
        unsafe handle = unsafe opened.pointer
        ticket = unsafe PQgetCancel(opened.pointer).map { unsafe CancelTicket(pointer: $0) }
    }

    deinit { finish() }

    /// Ends the connection, and with it whatever it was doing. Without effect the second time.
    func finish() {
        guard let handle = unsafe handle else { return }
        unsafe self.handle = nil
        unsafe PQfinish(handle)
    }

    /// Makes the call in progress, and each one after it, fail. Blocks for the time of a short connection.
    func cancel() {
        isCancelled.store(true, ordering: .relaxed)
        ticket?.send()
    }

    /// Runs one statement.
    func run(_ command: SQLCommand, until deadline: NIODeadline) throws(DatabaseError) -> Rows {
        try send(command)
        let result = try unsafe result(until: deadline)
        switch unsafe PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
            let rows = unsafe Rows(owning: result)
            try endOfResults(until: deadline)
            return rows
        default: throw unsafe failure(result, until: deadline)
        }
    }

    /// Starts `COPY … TO STDOUT`; ``readCopy(into:bytesMin:lineEnd:until:)`` takes what it gives.
    func beginCopy(_ text: String, until deadline: NIODeadline) throws(DatabaseError) {
        try send(SQLCommand(SQLStatement(name: nil, text: text), []))
        let result = try unsafe result(until: deadline)
        guard unsafe PQresultStatus(result) == PGRES_COPY_OUT else { throw unsafe failure(result, until: deadline) }
        unsafe PQclear(result)
    }

    /// Appends rows until there are that many bytes, or the copy ends.
    ///
    /// - Returns: How many rows, and whether they were the last ones.
    func readCopy(
        into buffer: inout ByteBuffer, bytesMin: Int, lineEnd: CopyReader.LineEnd, until deadline: NIODeadline
    ) throws(DatabaseError) -> (rows: Int, isLast: Bool) {
        var rows = 0
        while buffer.readableBytes < bytesMin {
            let handle = try unsafe open()
            var row: UnsafeMutablePointer<CChar>?
            let count = unsafe Int(PQgetCopyData(handle, &row, 1))
            if count > 0, let row = unsafe row {
                // Sound: libpq gave us `count` bytes, which are copied before they are freed.
                unsafe lineEnd.append(UnsafeRawBufferPointer(start: row, count: count), to: &buffer)
                unsafe PQfreemem(row)
                rows += 1
            } else if count == 0 {
                try wait(for: Int16(POLLIN), until: deadline)
                guard unsafe PQconsumeInput(handle) == 1 else { throw unsafe DatabaseError(connection: handle) }
            } else {
                try endOfCopy(until: deadline)
                return (rows, true)
            }
        }
        return (rows, false)
    }

    /// After the rows comes the statement's own result: an error when it broke off.
    private func endOfCopy(until deadline: NIODeadline) throws(DatabaseError) {
        let result = try unsafe result(until: deadline)
        guard unsafe PQresultStatus(result) == PGRES_COMMAND_OK else { throw unsafe failure(result, until: deadline) }
        unsafe PQclear(result)
        try endOfResults(until: deadline)
    }

    private func open() throws(DatabaseError) -> OpaquePointer {
        guard !isCancelled.load(ordering: .relaxed) else { throw Self.cancelled }
        guard let handle = unsafe handle else { throw DatabaseError(.unavailable, detail: "the connection is closed") }
        return unsafe handle
    }

    private static let cancelled = DatabaseError(.deadlineExceeded, detail: "cancelled by its caller")

    private func send(_ command: SQLCommand) throws(DatabaseError) {
        let handle = try unsafe open()
        guard !command.parameters.contains(where: ParameterText.hasZero) else {
            throw DatabaseError(.refused, detail: "a parameter contains U+0000")
        }
        var parameters = ParameterText()
        // Sound: libpq copies text and values into its own buffer before it returns.
        let isSent = unsafe parameters.lend(command.parameters) { values in
            unsafe PQsendQueryParams(
                handle, command.statement.text, Int32(command.parameters.count), nil, values, nil, nil, 0) == 1
        }
        guard isSent else { throw unsafe DatabaseError(connection: handle) }
    }

    /// The next result of the statement in progress; the caller clears it.
    private func result(until deadline: NIODeadline) throws(DatabaseError) -> OpaquePointer {
        guard let result = try unsafe nextResult(until: deadline) else {
            throw DatabaseError(.protocolViolation, detail: "a statement without a result")
        }
        return unsafe result
    }

    private func endOfResults(until deadline: NIODeadline) throws(DatabaseError) {
        while let result = try unsafe nextResult(until: deadline) { unsafe PQclear(result) }
    }

    private func nextResult(until deadline: NIODeadline) throws(DatabaseError) -> OpaquePointer? {
        let handle = try unsafe open()
        while true {
            let flushed = unsafe PQflush(handle)
            guard flushed >= 0 else { throw unsafe DatabaseError(connection: handle) }
            guard unsafe PQisBusy(handle) == 1 || flushed == 1 else { return unsafe PQgetResult(handle) }
            try wait(for: Int16(POLLIN | (flushed == 1 ? POLLOUT : 0)), until: deadline)
            guard unsafe PQconsumeInput(handle) == 1 else { throw unsafe DatabaseError(connection: handle) }
        }
    }

    /// Reads an error result to the end of its statement, so that the connection can go on.
    private func failure(_ result: OpaquePointer, until deadline: NIODeadline) -> DatabaseError {
        let error = unsafe DatabaseError(result: result)
        unsafe PQclear(result)
        do throws(DatabaseError) {
            try endOfResults(until: deadline)
        } catch {
            // The first error is the one to tell; the connection is closed by whoever uses it next.
        }
        return error
    }

    /// Waits for the socket.
    private func wait(for events: Int16, until deadline: NIODeadline) throws(DatabaseError) {
        while true {
            let handle = try unsafe open()
            let left = (deadline - .now()).nanoseconds / 1_000_000
            guard left > 0 else { throw DatabaseError(.deadlineExceeded, detail: "the deadline passed") }
            var socket = pollfd(fd: unsafe PQsocket(handle), events: events, revents: 0)
            // Sound: the structure is ours for the time of the call.
            let ready = unsafe poll(&socket, 1, Int32(min(left, Self.sliceMilliseconds)))
            if ready > 0 { return }
            guard ready == 0 || errno == EINTR else {
                throw DatabaseError(.unavailable, detail: "poll: errno \(errno)")
            }
        }
    }
}
