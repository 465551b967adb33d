import HostModel
import PluginAPI

/// Carries the host's problems to a plugin as refusals, and a plugin's refusals to the client as problems.
extension Refusal {
    /// Nothing is lost: the plugin lets it pass, and the host answers with the problem it kept.
    init(_ problem: Problem) {
        var details = Record()
        for (name, value) in problem.members { details[name] = Value(untyped: value) }
        self.init(
            code: problem.code.description, message: problem.detail, details: details,
            faults: problem.faults.map { FieldFault(pointer: $0.path, code: $0.code) })
    }

    /// The handle outlived its operation, or the plugin's generation.
    static let retired = Refusal(
        code: "retired", message: "The call has ended; its services can't be used any more.")
}

extension Problem {
    /// Codes of the host that a plugin may refuse with; the gateway answers with their own status.
    private static let sharedCodes: Set<Code> = [
        .validationFailed, .notFound, .versionConflict, .invalidTransition, .forbidden, .featureNotInTier,
        .deadlineExceeded,
    ]

    /// What the client sees of a plugin's refusal; nil when neither the manifest nor the host knows its code.
    init?(_ refusal: Refusal, declared: [String]) {
        let code = Code(refusal.code)
        guard declared.contains(refusal.code) || Self.sharedCodes.contains(code) else { return nil }
        var members: [String: JSONValue] = [:]
        for (name, value) in refusal.details.values { members[name] = JSONValue(untyped: value) }
        self.init(
            code, refusal.message,
            faults: refusal.faults.map { Fault(path: $0.pointer, code: $0.code, detail: refusal.message) },
            members: members)
    }

    /// The answer when something is wrong that the client can't help; what it is goes to the observer.
    static let failed = Problem(.internalError, "Something went wrong here; it was recorded.")
}
