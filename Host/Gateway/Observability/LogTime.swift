import HostModel

/// The time of a log line: RFC 3339 in UTC with microseconds.
enum LogTime {
    static func text(_ now: Timestamp) -> String {
        let second = now.microseconds / 1_000_000
        let date = HTTPDate.civil(day: Int(second / 86_400))
        let time = Int(second % 86_400)
        let clock = "\(two(time / 3_600)):\(two(time / 60 % 60)):\(two(time % 60))"
        let fraction = String(String(1_000_000 + now.microseconds % 1_000_000).dropFirst())
        return "\(date.year)-\(two(date.month))-\(two(date.day))T\(clock).\(fraction)Z"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
