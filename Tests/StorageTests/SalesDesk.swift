import HostSQL
import HostStorage
import Testing

/// A firm that writes the gallery's orders: documents with lines and labelled statuses.
struct SalesDesk {
    let installation: TestInstallation
    let firm: SignedUp
    /// Of `sales.order`.
    let plan: EntityPlan

    var records: RecordStore { installation.storage.records }

    /// A desk in a database of its own, for the time of the test.
    static func open(_ test: (SalesDesk) async throws -> Void) async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            try await test(
                SalesDesk(installation: installation, firm: firm, plan: try installation.plan("sales", "order")))
        }
    }
}
