import HostManifest
import HostModel
import HostPostgres

/// The gap-free numbers of one entity's sequence field.
struct NumberSeries {
    /// `core.invoice`; one row of `businesses.series` per business.
    let key: String
    /// `INV-`.
    let prefix: String

    /// Numbers have at least so many digits.
    static let digitsMin = 6

    /// Nil for an entity without a sequence field.
    init?(_ name: String, in plugin: PluginID, _ manifests: ManifestSet) {
        let parts = name.split(separator: ".").map(String.init)
        let owner = parts.count > 1 ? PluginID(parts[0]) : plugin
        guard let owner, let entity = parts.last(where: { $0 != owner.description }) ?? parts.last,
            let fields = manifests.entity(EntityReference(plugin: owner, name: entity))?.fields,
            let prefix = fields.lazy.compactMap(Self.prefix).first
        else { return nil }
        key = "\(owner).\(entity)"
        self.prefix = prefix
    }

    private static func prefix(of field: Field) -> String? {
        if case .sequence(let prefix) = field.type { prefix } else { nil }
    }

    /// Locks the series' row until the transaction ends: the next taker waits, so a rollback leaves no gap.
    private static let statement = SQLStatement(
        name: "series.take",
        text: """
            INSERT INTO businesses.series AS held (business_id, key, prefix, next)
            VALUES (\(RowSecurity.currentBusiness), $1, $2, 2)
            ON CONFLICT (business_id, key) DO UPDATE SET next = held.next + 1
            RETURNING (held.next - 1)::text, held.prefix
            """)

    var take: SQLCommand { SQLCommand(Self.statement, [key, prefix]) }

    /// Reads the answer of ``take``.
    func number(_ rows: Rows) throws(Problem) -> String {
        guard rows.count == 1, let digits = rows.text(0, 0), let prefix = rows.text(0, 1) else { throw .failed }
        return prefix + String(repeating: "0", count: max(0, Self.digitsMin - digits.utf8.count)) + digits
    }
}
