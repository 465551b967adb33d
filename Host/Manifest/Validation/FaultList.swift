import HostModel

/// The faults of one body, in the order of their finding.
struct FaultList {
    /// A body of a thousand bad lines gets an answer that somebody can still read; the others are counted.
    static let shownMax = 200

    private var faults: [Problem.Fault] = []
    private var count = 0

    mutating func add(_ path: JSONPointer, _ breach: Breach) {
        count += 1
        if faults.count < Self.shownMax {
            faults.append(Problem.Fault(path: path.text, code: breach.code, detail: breach.detail))
        }
    }

    /// Nil for a body without faults.
    var problem: Problem? {
        switch count {
        case 0: nil
        case 1: Problem(.validationFailed, "One field is not valid.", faults: faults)
        case ...Self.shownMax: Problem(.validationFailed, "\(count) fields are not valid.", faults: faults)
        default:
            Problem(
                .validationFailed, "\(count) fields are not valid; these are the first \(Self.shownMax).",
                faults: faults)
        }
    }
}
