/// What must be there before a work order counts as done: the office can bill it and knows what was done.
struct CompletionGate {
    /// One thing that can be missing; the raw value is its name in the answer.
    enum Requirement: String, CaseIterable {
        /// At least one line: something was done or used.
        case lines
        /// What was done, in at least ``CompletionGate/resolutionLengthMin`` characters.
        case resolution
    }

    /// Characters without the blanks around them; "done" tells the next technician nothing.
    static let resolutionLengthMin = 10

    let lineCount: Int
    let resolution: String

    /// All that is missing, not only the first: a technician on site wants to fix everything at once.
    var missing: [Requirement] {
        Requirement.allCases.filter { !isMet($0) }
    }

    private func isMet(_ requirement: Requirement) -> Bool {
        switch requirement {
        case .lines: lineCount > 0
        case .resolution: resolution.trimmedCount >= Self.resolutionLengthMin
        }
    }
}

extension String {
    /// Characters without the blanks at both ends.
    fileprivate var trimmedCount: Int {
        drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).count
    }
}
