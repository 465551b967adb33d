import HostManifest

/// Walks from an applied schema to a wanted one. Each pass looks at what would be there after the steps so far.
struct SchemaDifference {
    let wanted: SchemaModel
    let manifest: Manifest
    /// What was there at the start.
    let applied: SchemaModel
    /// What is there after ``steps``.
    var model: SchemaModel
    private(set) var steps: [MigrationStep] = []
    private(set) var refusals: [MigrationRefusal] = []
    private(set) var probes: [MigrationProbe] = []

    init(from applied: SchemaModel, to wanted: SchemaModel, manifest: Manifest) {
        self.wanted = wanted
        self.manifest = manifest
        self.applied = applied
        model = applied
    }

    mutating func run() {
        renameTables()
        renameColumns()
        expandFunctions()
        retireTables()
        createTables()
        for table in wanted.tables where tableNumber(table.name) != nil { expand(table) }
        // A refused plan is never run: the later phases would only repeat what is wrong.
        guard refusals.isEmpty else { return }
        for table in wanted.tables {
            backfill(table)
            fillSearch(table)
        }
        for table in wanted.tables { contract(table) }
        contractTables()
        contractFunctions()
    }
}

extension SchemaDifference {
    /// Appends a step and makes its change to the model.
    mutating func step(
        _ phase: MigrationStep.Phase, _ summary: String, _ action: MigrationStep.Action,
        _ change: (inout SchemaModel) -> Void
    ) {
        change(&model)
        steps.append(MigrationStep(phase: phase, summary: summary, action: action, after: model))
    }

    /// The same for a step about one table that is there.
    mutating func step(
        _ phase: MigrationStep.Phase, _ summary: String, _ action: MigrationStep.Action, on table: String,
        _ change: (inout TableModel) -> Void
    ) {
        step(phase, summary, action) { model in
            guard let number = model.tables.firstIndex(where: { $0.name == table }) else { return }
            change(&model.tables[number])
        }
    }

    mutating func refuse(_ refusal: MigrationRefusal) { refusals.append(refusal) }

    mutating func probe(_ table: TableModel, _ condition: String, _ refusal: MigrationRefusal) {
        probes.append(MigrationProbe(table: table.quotedName, condition: condition, refusal: refusal))
    }

    func refusal(
        _ rule: MigrationRule, at path: [String], _ message: String, _ wayOut: String? = nil
    ) -> MigrationRefusal {
        MigrationRefusal(
            rule: rule, place: manifest.places[path], message: message, wayOut: wayOut ?? rule.explanation.fix)
    }

    func tableNumber(_ name: String) -> Int? { model.tables.firstIndex { $0.name == name } }

    /// `hs.work_order.colour`, for summaries.
    func path(_ parts: String...) -> String { ([model.schema] + parts).joined(separator: ".") }

    /// Where a column stands in the manifest: the field's key, or the entity's.
    func place(of column: String, in table: String) -> [String] {
        let field = manifest.entity(table)?.fields.first { $0.column == column }
        return ["entities", table] + (field.map { ["fields", $0.name] } ?? [])
    }
}
