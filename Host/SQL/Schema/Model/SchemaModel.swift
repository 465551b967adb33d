package import HostManifest
import HostModel

/// Everything that one plugin has in the database, as values: what a manifest asks for, or what was really made.
///
/// The text that creates a schema and the steps that change one both come from here, so there is one source. The
/// model of the applied schema is kept beside it (``json``), so that a difference is taken between what is there and
/// what is wanted, whatever manifest or host made it.
package struct SchemaModel: Hashable, Sendable {
    /// The plugin's id: `hs`.
    package let schema: String
    var functions: [FunctionModel]
    package var tables: [TableModel]

    init(schema: String, functions: [FunctionModel], tables: [TableModel]) {
        self.schema = schema
        self.functions = functions
        self.tables = tables
    }

    /// What a manifest asks for; the schemas of the plugins that it requires exist already.
    package init(_ manifest: Manifest, in set: ManifestSet) {
        let excludes = manifest.entities.contains { !$0.exclusions.isEmpty }
        let queue = excludes ? [FunctionModel.queue(in: manifest.id.description)] : []
        self.init(
            schema: manifest.id.description, functions: TriggerDDL.functions(in: manifest.id) + queue,
            tables: manifest.entities.map { TableModel(RecordTable($0, of: manifest.id)) })
    }

    package func table(_ name: String) -> TableModel? { tables.first { $0.name == name } }

    /// The statements that create all of it in a database that has nothing of it yet.
    ///
    /// Run in order, in one transaction, by the owner role. All tables come before the references between them, so
    /// the entities of a manifest may refer to each other in any order.
    package var create: [String] {
        let name = SQLName.quoted(schema)
        return ["CREATE SCHEMA \(name)", "GRANT USAGE ON SCHEMA \(name) TO \(SchemaDDL.role)"]
            + functions.flatMap { $0.create }
            + tables.map { $0.create }
            + tables.flatMap { $0.addReferences }
            + tables.flatMap { $0.createIndexes }
            + tables.flatMap { $0.createTriggers }
            + tables.flatMap { $0.access }
    }
}

/// A function of a schema.
struct FunctionModel: Hashable, Sendable {
    /// With the types of its arguments, without the schema: `refuse()`.
    let name: String
    /// From `CREATE FUNCTION` on.
    let definition: String
    /// What follows its creation: `REVOKE …`, `GRANT …`.
    let rights: [String]

    var create: [String] { [definition] + rights }
}

extension SchemaModel {
    /// Without a constraint, wherever it is.
    package func dropping(constraint: String) -> SchemaModel {
        var model = self
        for number in model.tables.indices { model.tables[number].constraints.removeAll { $0.name == constraint } }
        return model
    }
}
