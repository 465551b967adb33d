package import HostManifest
package import HostModel
package import HostTransfer

/// Rows that are written in one transaction, and where the reader stands after them.
package struct ImportBatch: Sendable {
    /// One row, checked as far as it can be without the database.
    package struct Row: Sendable {
        package let number: Int
        package let line: Int
        package let range: Range<Int>
        /// The values of a new record, by field; nil when they break a rule.
        package var created: [String: JSONValue]?
        /// The values of a change, by field; nil when they break a rule, and when nothing is changed.
        package var changed: [String: JSONValue]?
        package var lookups: [RowPlan.Lookup]
        /// Records that values of the business's own fields name.
        package var customReferences: [CustomFields.Reference] = []
        /// What is wrong with it as a new record.
        package var faults: [RowPlan.Fault]
        /// What is wrong with it as a change.
        package var changeFaults: [RowPlan.Fault]

        package init(
            number: Int, line: Int, range: Range<Int>, created: [String: JSONValue]?, changed: [String: JSONValue]?,
            lookups: [RowPlan.Lookup], faults: [RowPlan.Fault], changeFaults: [RowPlan.Fault]
        ) {
            self.number = number
            self.line = line
            self.range = range
            self.created = created
            self.changed = changed
            self.lookups = lookups
            self.faults = faults
            self.changeFaults = changeFaults
        }
    }

    package var rows: [Row]
    /// After the last row.
    package let checkpoint: ReaderCheckpoint
    /// What tells the records of an upsert apart, one for each row that has it.
    package let keys: Set<String>

    package init(rows: [Row], keys: Set<String>, checkpoint: ReaderCheckpoint) {
        self.rows = rows
        self.keys = keys
        self.checkpoint = checkpoint
    }

    /// How many rows of the file come before it.
    var rowsBefore: Int { (rows.first?.number ?? 1) - 1 }
}

/// What became of a batch.
package struct ImportTally: Hashable, Sendable {
    package var created = 0
    package var updated = 0
    package var unchanged = 0
    package var failed = 0
}

/// A row that wasn't written, and why.
struct ImportFault: Sendable {
    let row: ImportBatch.Row
    let faults: [RowPlan.Fault]
}
