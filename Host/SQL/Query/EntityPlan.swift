package import HostManifest
package import HostModel

/// Every statement for the records of one entity, made once; a request only adds parameters.
///
/// The statements run in a transaction whose business is set (`thorbis.business_id`), by a role that row-level
/// security binds: no statement names the business, so none can name a wrong one. The rows that each answers with
/// are told at its function; all columns are text.
package final class EntityPlan: Sendable {
    package let table: RecordTable
    /// The narrower view under which the records are reached; nil for the entity's own routes.
    package let mount: Mount?
    /// `hs.work_order`, or `hs/customers` for a mount: starts the prepared statements' names.
    package let label: String
    /// What a broken constraint means to the caller.
    package let constraints: ConstraintCatalogue

    /// The numbers that new records get by themselves; nil where only operations give them.
    package let numbersAtCreate: NumberText?
    /// The lines that are written with a record.
    package let lines: [WrittenLines]
    /// What answers may include.
    let inclusions: [Inclusion]

    /// Nil for an entity without sensitive fields, which costs nothing then.
    package let secrets: SecretFields?

    let form: RecordForm
    let outline: RecordOutline
    let reads: ReadStatements
    let writes: WriteStatements
    let lists: ListStatements
    /// Nil for an entity that isn't searched.
    let searches: SearchStatements?
    let conflicts: ConflictStatements
    /// Nil for an entity without statuses.
    let histories: HistoryStatements?
    let imports: ImportText
    let document: RecordDocument

    /// Makes the plan of an entity; nil when the set has no such entity.
    ///
    /// - Parameters:
    ///   - reference: The entity.
    ///   - set: The manifests, for the lines and the referenced tables.
    ///   - mount: The mount and the plugin that declares it, for the routes of a mount.
    package init?(_ reference: EntityReference, in set: ManifestSet, mount: (plugin: PluginID, mount: Mount)? = nil) {
        guard let manifest = set[reference.plugin], let entity = manifest.entity(reference.name) else { return nil }
        table = RecordTable(entity, of: reference.plugin)
        self.mount = mount?.mount
        label = mount.map { "\($0.plugin)/\($0.mount.route)" } ?? reference.description
        constraints = ConstraintCatalogue(table)
        form = RecordForm(table, in: set)
        lines = manifest.children(of: entity).compactMap { WrittenLines($0, of: reference.plugin, in: set) }
        inclusions = Inclusion.all(of: entity, in: reference.plugin, set)
        outline = RecordOutline(form, inclusions)
        let condition = MountCondition(mount?.mount, of: table)
        document = RecordDocument(table: table, condition: condition)
        secrets = SecretFields(entity)
        numbersAtCreate = manifest.isCreatedByRoute(entity) ? NumberText(entity, of: reference) : nil
        reads = ReadStatements(form, label: label, condition: condition)
        writes = WriteStatements(
            form, label: label, condition: condition, events: manifest.publishes, numbers: numbersAtCreate)
        conflicts = ConflictStatements(table, label: label)
        lists = ListStatements(form, label: label, condition: condition)
        searches = SearchStatements(table)
        histories = entity.states == nil ? nil : HistoryStatements(form, label: label, condition: condition)
        imports = ImportText(form: form, condition: condition, label: label, numbers: numbersAtCreate)
    }

    /// Every word that `include` may have: `party`, `lines`, `lines.item`.
    package var includeNames: [String] {
        inclusions.flatMap { top in [top.member] + top.nested.map { "\(top.member).\($0.member)" } }
    }

    package var reference: EntityReference { table.reference }
    package var entity: Entity { table.entity }
}
