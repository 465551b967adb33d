package import HostModel
package import HostPostgres

/// Which database holds a business.
///
/// One entry for now. Every store asks it, so that cells in several regions can be added without touching a store.
package struct BusinessDirectory: Sendable {
    /// Where new businesses and the lookups before a business is known go.
    package let home: Database

    package init(home: Database) {
        self.home = home
    }

    package func database(of business: BusinessID) -> Database { home }
}
