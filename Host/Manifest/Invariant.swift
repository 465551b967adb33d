/// Something that always holds for the data of a business: a SELECT that must give no row.
package struct Invariant: Hashable, Sendable {
    /// Unique in the manifest: `no_orphan_invoice`.
    package let name: String
    /// For people.
    package let title: String
    /// Rows that break it; their `id` is kept as a sample.
    package let sql: String

    package init(name: String, title: String, sql: String) {
        self.name = name
        self.title = title
        self.sql = sql
    }
}
