package import HostAuth
package import HostManifest
package import HostModel

/// Everything that is kept, for one set of loaded manifests. Cheap to make again when the set changes.
package struct Storage: Sendable {
    package let plans: EntityPlans
    package let records: RecordStore
    package let operations: OperationTransactions
    package let businesses: BusinessStore
    package let sessions: SessionStore
    package let audit: AuditStore
    package let files: FileStore
    package let exports: ExportStore
    package let bundles: BundleStore
    package let imports: ImportStore
    package let importQueue: ImportQueue
    package let importCatalogue: ImportCatalogue
    package let invariants: InvariantStore
    package let idempotency: IdempotencyStore
    package let customFields: CustomFieldStore
    package let labels: LabelStore

    /// - Parameters:
    ///   - directory: The databases, connected as `thorbis_app`.
    ///   - manifests: Whose entities the record and operation stores know.
    ///   - cursorSeal: The same on every host.
    ///   - credentials: Forgets a session as soon as it is revoked here.
    ///   - customFields: Forgets a business's fields as soon as they are changed here.
    ///   - clock: The time of day.
    ///   - board: Where every write is counted; nil where no answers are kept.
    ///   - masterKeys: What the keys of businesses are wrapped with, the same on every host.
    ///   - observer: Told about errors that nobody foresaw.
    ///   - deadline: How long one round trip may take, waiting included.
    package init(
        directory: BusinessDirectory, manifests: ManifestSet, cursorSeal: CursorSeal, credentials: CredentialCache,
        customFields cache: CustomFieldCache = CustomFieldCache(), clock: any WallClock,
        board: VersionBoard? = nil, masterKeys: any MasterKeySource = NoMasterKeys(), observer: any Observer,
        deadline: Duration = .seconds(5)
    ) {
        let lane = TenantLane(
            directory: directory, refusals: Refusals(observer: observer), board: board, deadline: deadline)
        let ids = UUIDv7Source(clock: clock)
        let vault = RecordVault(keys: DataKeyStore(lane: lane, masters: masterKeys))
        plans = EntityPlans(manifests)
        customFields = CustomFieldStore(lane: lane, ids: ids, cache: cache, credentials: credentials)
        records = RecordStore(lane: lane, seal: cursorSeal, ids: ids, vault: vault, customFields: customFields)
        operations = OperationTransactions(
            lane: lane, ids: ids, plans: plans, vault: vault, customFields: customFields)
        businesses = BusinessStore(lane: lane, ids: ids, clock: clock)
        sessions = SessionStore(lane: lane, ids: ids, clock: clock, credentials: credentials)
        invariants = InvariantStore(lane: lane)
        labels = LabelStore(lane: lane, ids: ids)
        audit = AuditStore(lane: lane, seal: cursorSeal)
        files = FileStore(lane: lane, seal: cursorSeal, ids: ids)
        exports = ExportStore(lane: lane, ids: ids)
        bundles = BundleStore(lane: lane, ids: ids, manifests: manifests)
        importCatalogue = ImportCatalogue(manifests)
        imports = ImportStore(
            lane: lane, seal: cursorSeal, ids: ids, pieces: ImportPieces(keys: vault.keys), catalogue: importCatalogue)
        importQueue = ImportQueue(
            lane: lane, ids: ids, plans: plans, vault: vault, customFields: customFields)
        idempotency = IdempotencyStore(lane: lane, seal: AnswerSeal(cursorSeal))
    }
}
