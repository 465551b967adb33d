import HostManifest
import HostModel

/// The text form of a filter's value, checked before PostgreSQL sees it, so that a wrong one is a 422 and no 500.
enum ValueFormat: Hashable, Sendable {
    case text
    case integer
    case bool
    case uuid
    case date
    case timestamp
    case duration
    case words([String])

    static let textBytesMax = 2_000

    /// What is expected, for the problem's detail.
    var expectation: String {
        switch self {
        case .text: "a text of at most \(Self.textBytesMax) bytes"
        case .integer: "a whole number"
        case .bool: "true or false"
        case .uuid: "a UUID"
        case .date: "a date such as 2026-11-22"
        case .timestamp: "a time such as 2026-11-22T15:00:00Z"
        case .duration: "a duration such as PT1H30M"
        case .words(let words): "one of " + words.joined(separator: ", ")
        }
    }

    func accepts(_ text: String) -> Bool {
        switch self {
        case .text: text.utf8.count <= Self.textBytesMax && !text.utf8.contains(0)
        case .integer: Int64(text) != nil
        case .bool: text == "true" || text == "false"
        case .uuid: RecordID(text) != nil
        case .date: CalendarText.isDate(text)
        case .timestamp: CalendarText.isTimestamp(text)
        case .duration: WholeSeconds(iso8601: text) != nil
        case .words(let words): words.contains(text)
        }
    }
}
