import Foundation

/// Shows how far an import is, on standard error: a bar on a terminal, now and then a line elsewhere.
final class ImportProgress {
    struct Rows {
        let done: Int
        let failed: Int
    }

    private let isShown: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var status = ""
    private var began = ContinuousClock.now
    private var lastLine: ContinuousClock.Instant?

    private static let width = 24
    /// Between two lines where there is no terminal.
    private static let lineInterval: Duration = .seconds(5)

    init(isShown: Bool) { self.isShown = isShown }

    func note(_ text: String) {
        if isShown { printError(text) }
    }

    func show(_ status: String, done: Int, of total: Int, rows: Rows?) {
        guard isShown else { return }
        if status != self.status {
            if isTerminal, !self.status.isEmpty { write("\n") }
            (self.status, began, lastLine) = (status, .now, nil)
        }
        let text = line(done, total, rows)
        if isTerminal {
            write("\r\u{1B}[K" + text)
        } else if lastLine.map({ ContinuousClock.now - $0 >= Self.lineInterval }) ?? true {
            lastLine = .now
            write(text + "\n")
        }
    }

    func end() {
        if isShown, isTerminal { write("\n") }
    }

    private func line(_ done: Int, _ total: Int, _ rows: Rows?) -> String {
        let share = total == 0 ? 1 : Double(done) / Double(total)
        let filled = Int(share * Double(Self.width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        let seconds = Self.seconds(ContinuousClock.now - began)
        var parts = ["\(status) [\(bar)] \(Int(share * 100)) %"]
        if let rows {
            parts.append("\(rows.done) rows")
            if seconds > 1, rows.done > 0 { parts.append("\(Int(Double(rows.done) / seconds)) rows/s") }
            parts.append("\(rows.failed) failed")
        }
        if share > 0.01, share < 1, seconds > 1 { parts.append("\(Int(seconds / share - seconds)) s left") }
        return parts.joined(separator: "  ")
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
