import Foundation
package import HostModel
package import Logging

/// Writes each log record as one line of JSON.
///
/// One `write` per line, so that lines of several threads and processes don't mix.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let descriptor: CInt
    private let clock: any WallClock

    /// - Parameter descriptor: Where the lines go: 1 or 2.
    package init(label: String, level: Logger.Level, descriptor: CInt, clock: any WallClock) {
        self.label = label
        self.logLevel = level
        self.descriptor = descriptor
        self.clock = clock
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let own = metadata.merging(metadataProvider?.get() ?? [:]) { _, provided in provided }
        let all = own.merging(event.metadata ?? [:]) { _, given in given }
        write(Self.line(event.level, "\(event.message)", label, all, at: clock.now()))
    }

    /// `{"time":…,"level":"info","label":"thorbis","message":…,…}` with the metadata's names after those.
    static func line(
        _ level: Logger.Level, _ message: String, _ label: String, _ metadata: Logger.Metadata, at now: Timestamp
    ) -> [UInt8] {
        var record = JSONObject([
            "time": .string(LogTime.text(now)), "level": .string(level.rawValue), "label": .string(label),
            "message": .string(message),
        ])
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) where record[name] == nil {
            record[name] = json(value)
        }
        return JSONValue.object(record).utf8 + [0x0A]
    }

    private static func json(_ value: Logger.Metadata.Value) -> JSONValue {
        switch value {
        case .string(let string): .string(string)
        case .stringConvertible(let convertible): .string(convertible.description)
        case .array(let values): .array(values.map(json))
        case .dictionary(let members):
            .object(
                members.sorted(by: { $0.key < $1.key }).reduce(into: JSONObject()) { object, member in
                    object[member.key] = json(member.value)
                })
        }
    }

    private func write(_ line: [UInt8]) {
        // Sound: the buffer outlives the call. A log that can't be written is lost; there is no other place to say so.
        _ = unsafe line.withUnsafeBytes { unsafe Foundation.write(descriptor, $0.baseAddress, $0.count) }
    }
}
