extension MigrationPlan {
    /// The plan for people: phases with their steps, then what stands against it.
    ///
    /// - Parameter showsSQL: Each step's statements below it.
    package func text(showsSQL: Bool) -> String {
        var lines: [String] = []
        for phase in MigrationStep.Phase.allCases {
            let steps = steps(of: phase)
            guard !steps.isEmpty else { continue }
            lines.append(phase == .contract ? "contract (only with --contract)" : phase.rawValue)
            for (number, step) in steps.enumerated() {
                lines.append("  \(number + 1). \(step.summary)\(step.remark)")
                if showsSQL { lines += step.statements.map { Self.indented($0) } }
            }
        }
        if !probes.isEmpty { lines.append("refused if records are in the way") }
        lines += probes.map { "  \($0.refusal.rule.rawValue) \($0.refusal.place): \($0.refusal.message)" }
        if !refusals.isEmpty { lines.append("refused") }
        lines += refusals.map { "  \($0.rule.rawValue) \($0.place): \($0.message)\n    \($0.wayOut)" }
        return lines.isEmpty ? "nothing to do" : lines.joined(separator: "\n")
    }

    private static func indented(_ statement: String) -> String {
        statement.split(separator: "\n", omittingEmptySubsequences: false).map { "       " + $0 }
            .joined(separator: "\n") + ";"
    }
}

extension MigrationStep {
    /// What an operator should know of a step before it runs.
    package var remark: String {
        switch action {
        case .index, .validation: " (while others write)"
        case .backfill: " (in batches)"
        case .rewrite: " (holds the table: small tables only)"
        case .statements: ""
        }
    }
}
