import HostManifest

/// How PostgreSQL stores a value, and what a row's CHECK says about it.
struct ColumnType: Hashable, Sendable {
    /// The kinds of comparison that a filter may use.
    enum Comparing: Hashable, Sendable {
        /// Equal, one of, NULL.
        case equality
        /// Also less and greater.
        case order
        /// Contains; for sets.
        case membership
        /// Contains an instant; for periods.
        case span
        /// Only whether there is a value.
        case presence
        case none
    }

    /// The SQL type: `text`, `bigint`, ….
    let name: String
    let format: ValueFormat
    let comparing: Comparing
    /// The rule over `{}` (the quoted column); nil when the type says it all.
    let rule: String?
    /// Values are compared and stored in lower case.
    let isLowercased: Bool
    /// Values are stored as given, and compared, sorted and unique regardless of case.
    let isCaseless: Bool
    let form: StoredForm
    /// What the rule allows, where it is of a form that can be compared with another one.
    let bounds: ValueBounds?

    init(
        _ name: String, _ format: ValueFormat, _ comparing: Comparing, rule: String? = nil,
        isLowercased: Bool = false, isCaseless: Bool = false, form: StoredForm = .json, bounds: ValueBounds? = nil
    ) {
        self.name = name
        self.format = format
        self.comparing = comparing
        self.rule = rule
        self.isLowercased = isLowercased
        self.bounds = bounds
        self.isCaseless = isCaseless
        self.form = form
    }

    static let uuid = ColumnType("uuid", .uuid, .equality)
    static let version = ColumnType("integer", .integer, .order)
    static let timestamp = ColumnType("timestamptz", .timestamp, .order)
    static let document = ColumnType(
        "jsonb", .text, .none, rule: "jsonb_typeof({}) = 'object' AND octet_length({}::text) <= 65536")

    static func text(_ rule: String?, bounds: ValueBounds? = nil) -> ColumnType {
        ColumnType("text", .text, .equality, rule: rule, bounds: bounds)
    }

    static func words(_ words: [String]) -> ColumnType {
        ColumnType("text", .words(words), .equality, rule: "{} IN (\(SQLName.literals(words)))", bounds: .words(words))
    }

    /// The type of a declared field's column.
    init(_ type: FieldType) {
        switch type {
        case .text(let min, let max, let pattern, let isCaseless):
            self.init(
                "text", .text, .equality,
                rule: Self.textRule(min: min, max: max, pattern: pattern, isCaseless: isCaseless),
                isCaseless: isCaseless, bounds: .length(min: min, max: max, pattern: pattern))
        case .texts(let min, let max, let itemMax):
            self.init(
                "text[]", .text, .membership,
                rule: "cardinality({}) BETWEEN \(min) AND \(max) AND array_position({}, NULL) IS NULL "
                    + "AND thorbis.longest({}) <= \(itemMax)")
        case .url: self = .text("octet_length({}) <= 2048 AND {} ~* '^https?://[^/?#[:space:]]'")
        case .email:
            self.init(
                "text", .text, .equality,
                rule: "{} = lower({}) AND char_length({}) <= 320 AND {} ~ '^[^@[:space:]]+@[^@[:space:]]+$'",
                isLowercased: true)
        case .phone: self = .text("{} ~ '^\\+[0-9]{8,15}$'")
        case .bool: self.init("boolean", .bool, .equality)
        case .int(let min, let max), .money(let min, let max), .quantity(let min, let max):
            self.init(
                "bigint", .integer, .order, rule: Self.rangeRule(min: min, max: max),
                bounds: .range(min: min, max: max))
        case .rate: self.init("integer", .integer, .order, rule: "{} BETWEEN 0 AND 10000000")
        case .enumeration(let words): self = .words(words)
        case .enumerationSet(let words):
            self.init(
                "text[]", .words(words), .membership, rule: "{} <@ ARRAY[\(SQLName.literals(words))]::text[]",
                bounds: .wordSet(words))
        case .date: self.init("date", .date, .order)
        case .timestamp: self = .timestamp
        case .duration(let min, let max):
            self.init(
                "bigint", .duration, .order, rule: Self.rangeRule(min: min, max: max), form: .seconds,
                bounds: .range(min: min, max: max))
        case .period(let isOpen):
            self.init("tstzrange", .timestamp, .span, rule: Self.periodRule(isOpen: isOpen), form: .range)
        case .geo: self.init("jsonb", .text, .presence, rule: Self.geoRule)
        case .timeZone: self = .text("char_length({}) BETWEEN 1 AND 64")
        case .uuid, .reference, .file: self = .uuid
        case .json, .shapedJSON: self = .document
        case .currency: self = .text("{} ~ '^[A-Z]{3}$'")
        case .country: self = .text("{} ~ '^[A-Z]{2}$'")
        case .sequence: self = .text("char_length({}) BETWEEN 1 AND 64")
        // Lists stand in inputs of operations only; the manifest refuses them on entities.
        case .list: self = .document
        }
    }

    /// Texts that only the host can open: `v1.<key>.<base64url of nonce, ciphertext and tag>`.
    ///
    /// The bound is that of the plain value, in bytes of JSON, a third more, and what sealing adds.
    static func sealed(_ type: FieldType) -> ColumnType {
        var plainMax = 65_536
        if case .text(_, let max, _, _) = type { plainMax = max * 6 + 2 }
        let rule =
            "{} ~ '^v1[.][0-9]{1,9}[.][A-Za-z0-9_-]{38,}$' AND octet_length({}) <= \((plainMax + 28) * 4 / 3 + 16)"
        return ColumnType("text", .text, .none, rule: rule)
    }

    /// Micro-degrees, kept by `jsonb` as exact decimals: the value goes in and out as it is, with no column to compute.
    private static let geoRule =
        "jsonb_typeof({}) = 'object' AND {} ?& ARRAY['lat', 'lng'] AND {} - 'lat' - 'lng' = '{ }' "
        + "AND jsonb_typeof({} -> 'lat') = 'number' AND jsonb_typeof({} -> 'lng') = 'number' "
        + "AND abs(({} ->> 'lat')::numeric) <= 90 AND abs(({} ->> 'lng')::numeric) <= 180 "
        + "AND scale(({} ->> 'lat')::numeric) <= 6 AND scale(({} ->> 'lng')::numeric) <= 6"

    /// Half open, never empty; `infinity` is no end.
    private static func periodRule(isOpen: Bool) -> String {
        let ends = isOpen ? "(lower_inc({}) OR lower_inf({}))" : "lower_inc({}) AND NOT upper_inf({})"
        return "NOT isempty({}) AND \(ends) AND NOT upper_inc({}) "
            + "AND isfinite(coalesce(lower({}), now())) AND isfinite(coalesce(upper({}), now()))"
    }

    private static func textRule(min: Int, max: Int, pattern: String?, isCaseless: Bool) -> String {
        let length = min > 0 ? "char_length({}) BETWEEN \(min) AND \(max)" : "char_length({}) <= \(max)"
        guard let pattern else { return length }
        return length + (isCaseless ? " AND {} COLLATE \(caseAware) ~ " : " AND {} ~ ")
            + SQLName.literal("^(?:\(pattern))$")
    }

    private static func rangeRule(min: Int64, max: Int64) -> String? {
        switch (min == .min, max == .max) {
        case (true, true): nil
        case (true, false): "{} <= \(max)"
        case (false, true): "{} >= \(min)"
        case (false, false): "{} BETWEEN \(min) AND \(max)"
        }
    }

    /// The type in a table's definition.
    ///
    /// A collation that ignores case, neither citext nor `lower(…)`: its comparisons are the leakproof ones of text,
    /// so that row-level security lets them use an index.
    var definition: String { isCaseless ? "\(name) COLLATE thorbis.caseless" : name }

    /// The column for LIKE and regular expressions, which PostgreSQL refuses with a collation that ignores case.
    func matchable(_ column: String) -> String { isCaseless ? "\(column) COLLATE \(Self.caseAware)" : column }

    private static let caseAware = "pg_catalog.\"und-x-icu\""

    /// The rule about a column; nil for none.
    func rule(on column: String) -> String? {
        rule.map {
            $0.split(separator: "{}", omittingEmptySubsequences: false).joined(separator: SQLName.quoted(column))
        }
    }
}
