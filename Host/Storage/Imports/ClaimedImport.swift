import Foundation
package import HostModel
import HostPostgres
package import HostTransfer

/// A job that a runner works on; it is the runner's until the lease ends.
package struct ClaimedImport: Sendable {
    package let id: RecordID
    package let entity: String
    package let format: FileFormat
    package let delimiter: UInt8?
    package let mode: ImportOrder.Mode
    package let key: String?
    package let isDryRun: Bool
    package let stopsOnError: Bool
    package let mapping: JSONValue
    /// Where another runner stopped writing; nil when the file wasn't read through yet.
    package let checkpoint: ReaderCheckpoint?
    package let bytes: Int
    /// How often it was taken up since it last got on.
    package let attempts: Int
    /// The roles now of the user who started it; none when they left or the business was suspended.
    package let roles: [String]
    package let currency: String
    package let timeZone: String
    package let tier: Tier
    let scope: TenantScope
    let token: UUID

    package var business: BusinessID { scope.business }

    /// What the audit entries of its records give as their reason, before the row's number.
    var origin: String { "import \(id)" }

    /// Nil for a row of `ImportRunSQL.job` that makes no sense.
    init?(_ rows: Rows, id: RecordID, business: BusinessID, token: UUID) {
        guard rows.count == 1, let format = rows.text(0, 1).flatMap(FileFormat.init(rawValue:)),
            let mode = rows.text(0, 3).flatMap(ImportOrder.Mode.init(rawValue:)),
            let mapping = rows.bytes(0, 7).flatMap({ try? JSONParser.parse($0) }),
            let user = rows.text(0, 12).flatMap({ UserID($0) }),
            let tier = rows.text(0, 15).flatMap(Tier.init(rawValue:)), let veil = rows.veil(0, 18)
        else { return nil }
        func text(_ column: Int) -> String { rows.text(0, column) ?? "" }
        self.id = id
        self.token = token
        entity = text(0)
        self.format = format
        delimiter = text(2).utf8.first
        self.mode = mode
        key = rows.text(0, 4)
        isDryRun = text(5) == "true"
        stopsOnError = text(6) == "stop"
        self.mapping = mapping
        checkpoint =
            text(8) == "running"
            ? rows.bytes(0, 9).flatMap { try? JSONParser.parse($0) }.flatMap { ReaderCheckpoint($0) } : nil
        bytes = Int(rows.integer(0, 10) ?? 0)
        attempts = Int(rows.integer(0, 11) ?? 0)
        scope = TenantScope.entering(business, as: user, request: nil, veil: veil)
        currency = text(13)
        timeZone = text(14)
        self.tier = tier
        roles = text(16) == "active" ? rows.words(0, 17) : []
    }
}
