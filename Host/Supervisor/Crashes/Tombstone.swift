package import HostModel

/// One death of a host, as it is kept: who is to blame as far as it can be told, and nothing of any business.
package struct Tombstone: Hashable, Sendable {
    /// How it ended.
    package enum Kind: String, Sendable {
        case signal
        /// A plugin called `exit`.
        case exit
        /// A plugin's thread didn't come back; the host finished its requests and was replaced.
        case stuck
        /// The host had grown beyond the bound; it finished its requests and was replaced.
        case memory
        /// It ended without a word, as by SIGKILL when the machine has no memory left.
        case killed
    }

    /// The plugin that it is put down to.
    package struct Blame: Hashable, Sendable {
        package let plugin: String
        package let version: String
        package let digest: String
        package let generation: Int
        package let operation: String?
        package let sign: Culprit.Sign

        package init(
            plugin: String, version: String, digest: String, generation: Int, operation: String?, sign: Culprit.Sign
        ) {
            self.plugin = plugin
            self.version = version
            self.digest = digest
            self.generation = generation
            self.operation = operation
            self.sign = sign
        }
    }

    package let at: Timestamp
    package let pid: Int32
    package let kind: Kind
    /// Nil when no signal ended it.
    package let signal: Int32?
    /// Whether it died before it served.
    package let isBoot: Bool
    /// The address that a memory fault was about.
    package let fault: UInt64?
    /// Nil when it is the host's own, as far as anybody knows.
    package let blame: Blame?
    package let stack: [String]

    package init(
        at: Timestamp, pid: Int32, kind: Kind, signal: Int32?, isBoot: Bool, fault: UInt64? = nil, blame: Blame?,
        stack: [String] = []
    ) {
        self.at = at
        self.pid = pid
        self.kind = kind
        self.signal = signal
        self.isBoot = isBoot
        self.fault = fault
        self.blame = blame
        self.stack = stack
    }

    /// What a death left behind; nil when it left nothing and was no signal's, as when a host refuses to start.
    package init?(_ death: HostDeath, _ report: CrashReport) {
        at = death.at
        pid = death.pid
        isBoot = !report.isReady
        stack = report.stack
        blame = report.culprit.map { Blame($0) }
        var ending: Int32?
        if case .signalled(let number) = death.ending { ending = number }
        fault = report.record.flatMap { [7, 8, 11].contains($0.signal) ? $0.fault : nil }
        switch report.record?.kind {
        case .signal: (kind, signal) = (.signal, report.record?.signal)
        case .exit: (kind, signal) = (.exit, nil)
        case .stuck: (kind, signal) = (.stuck, nil)
        case nil where death.ending == .exited(code: HostExit.recycled): (kind, signal) = (.memory, nil)
        case nil:
            guard let ending else { return nil }
            (kind, signal) = (.killed, ending)
        }
    }

    /// What happened, for people: `host 1234 died by signal 4 in hs 1.4.0 (operation completeWorkOrder)`.
    package var sentence: String {
        var text = "host \(pid) \(Self.verb(kind, signal))"
        if let blame {
            text += " in \(blame.plugin) \(blame.version)"
            if let operation = blame.operation { text += " (operation \(operation))" }
        }
        return isBoot ? text + " while it started" : text
    }

    private static func verb(_ kind: Kind, _ signal: Int32?) -> String {
        switch kind {
        case .signal, .killed: "died by signal \(signal.map(String.init) ?? "?")"
        case .exit: "was ended by a call of exit"
        case .stuck: "was replaced because a thread didn't come back"
        case .memory: "was replaced because it had grown too large"
        }
    }
}
