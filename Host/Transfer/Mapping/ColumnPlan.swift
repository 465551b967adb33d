package import HostManifest
import HostModel

/// What is done with the values of one column.
struct ColumnPlan: Sendable {
    enum Destination: Sendable {
        /// A member of the body.
        case member(Field)
        /// A member of `custom`.
        case custom(String)
        /// A reference whose record is named by another value than its id.
        case lookup(Field, RecordKey)
    }

    /// The column's name in the file.
    let column: String
    let destination: Destination
    let rule: ImportMapping.Rule
    let cell: CellReading
}

/// A value by which records of an entity are told apart: the external id, or a unique field.
package struct RecordKey: Hashable, Sendable {
    package let entity: EntityReference
    /// The column: `id`, `external_id`, `sku`.
    package let column: String

    package init(entity: EntityReference, column: String) {
        self.entity = entity
        self.column = column
    }
}
