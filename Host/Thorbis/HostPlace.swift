import Foundation
import HostGateway
import HostStorage
import HostSupervisor

/// Where a host process stands: by itself, or as one of several that a supervisor gave a listening socket.
struct HostPlace: Sendable {
    /// The supervisor's socket; nil to bind an own one.
    private let listener: Int32?
    /// A pipe on which to say that requests are answered.
    private let ready: Int32?
    /// Where the supervisor's hosts count their writes; nil for a host by itself, or a supervisor that has none.
    private let board: VersionBoard?
    /// Which of the supervisor's hosts it is, from 1; for the log.
    let slot: Int?

    /// - Throws: ``CommandFailure`` for a descriptor that isn't what it is given as.
    init(listener: Int32?, ready: Int32?, board: Int32?, slot: Int?) throws {
        if let listener {
            guard listener > STDERR_FILENO, ListeningSocket.isListening(listener) else {
                throw CommandFailure.usage(
                    "--listen-descriptor \(listener): a listening stream socket that the caller left open is needed.")
            }
        }
        if let ready {
            guard ready > STDERR_FILENO, ready != listener, Self.isWritablePipe(ready) else {
                throw CommandFailure.usage(
                    "--ready-descriptor \(ready): the writing end of a pipe that the caller left open is needed.")
            }
        }
        if let slot, !(1...Settings.hostsMax).contains(slot) {
            throw CommandFailure.usage("--slot \(slot): give 1 to \(Settings.hostsMax).")
        }
        // A program that this host starts has no business with either.
        for descriptor in [listener, ready].compactMap({ $0 }) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        self.board = try board.map { try Self.board($0) }
        self.listener = listener
        self.ready = ready
        self.slot = slot
    }

    /// What the HTTP server listens on.
    func listening(_ settings: Settings) -> ServerConfiguration.Listening {
        listener.map { .inherited(descriptor: $0) } ?? .address(host: settings.host, port: settings.port)
    }

    /// Tells whoever waits that requests are answered: the supervisor on its pipe, a person on standard output.
    func announce(authority: String) {
        guard let ready else { return printLine("ready http://\(authority)") }
        let word = Array("ready\n".utf8)
        // Sound: the bytes outlive the call. A supervisor that has gone is told of by the end of standard input.
        _ = unsafe word.withUnsafeBytes { unsafe write(ready, $0.baseAddress, $0.count) }
        close(ready)
    }

    /// Where this host counts its writes, and answers are kept by: of its own when it is alone, and wants to keep any.
    ///
    /// One of several hosts whose supervisor gave them none in common can't know of the others' writes: nil.
    func board(keepsAnswers: Bool) throws -> VersionBoard? {
        if let board { return board }
        guard keepsAnswers, listener == nil else { return nil }
        do throws(VersionBoard.Failure) {
            return try VersionBoard()
        } catch {
            throw CommandFailure.environment("no memory for the read cache: \(error).")
        }
    }

    private static func board(_ descriptor: Int32) throws -> VersionBoard {
        do throws(VersionBoard.Failure) {
            let board = try VersionBoard(sharing: descriptor)
            // The mapping stays.
            close(descriptor)
            return board
        } catch {
            throw CommandFailure.usage("--board-descriptor \(descriptor): \(error), which the caller left open.")
        }
    }

    private static func isWritablePipe(_ descriptor: Int32) -> Bool {
        var status = stat()
        // Sound: the C call writes into a local that outlives it.
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return false }
        return fcntl(descriptor, F_GETFL) & O_ACCMODE != O_RDONLY
    }
}
