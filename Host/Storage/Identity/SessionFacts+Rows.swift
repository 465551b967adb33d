import HostAuth
import HostModel
import HostPostgres

extension SessionFacts {
    /// Reads the row of `SessionStatements.facts`; nil for a tier or a veil that this host doesn't know.
    init?(_ rows: Rows, claims: AccessClaims) {
        guard let tier = rows.text(0, 5).flatMap(Tier.init(rawValue:)), let veil = rows.veil(0, 9) else { return nil }
        func text(_ column: Int) -> String { rows.text(0, column) ?? "" }
        self.init(
            business: BusinessFacts(
                id: claims.business, name: text(0), industry: text(1), currency: text(2), timeZone: text(3),
                country: text(4), tier: tier),
            user: claims.user, userName: text(6), email: text(7), roles: rows.words(0, 8), veil: veil)
    }
}

extension Rows {
    /// A column of `CustomFieldStatements.veil`: NULL hides nothing. Nil for anything that can't be read.
    func veil(_ row: Int, _ column: Int) -> CustomVeil? {
        guard let bytes = bytes(row, column) else { return CustomVeil.none }
        return (try? JSONParser.parse(bytes)).flatMap { CustomVeil(json: $0) }
    }

    /// The texts of a JSON array; none for anything else.
    func words(_ row: Int, _ column: Int) -> [String] {
        guard let bytes = bytes(row, column), let json = try? JSONParser.parse(bytes) else { return [] }
        return (json.array ?? []).compactMap(\.string)
    }
}
