import HostManifest
import HostPostgres
import HostSQL

/// What the next actions on a record depend on beside the caller's rights. Read from columns of its own, so that nobody
/// decodes the record.
package struct RecordStanding: Hashable, Sendable {
    package let status: String
    /// Who made the record, in the form of `UserID`: a right that reaches `own` records asks for it.
    package let maker: String

    package init(status: String, maker: String) {
        self.status = status
        self.maker = maker
    }

    /// Nil for an entity without statuses, and for an answer without these columns.
    init?(_ rows: Rows, row: Int, of plan: EntityPlan, status: Int, maker: Int) {
        guard plan.entity.states != nil, rows.columnCount > max(status, maker), let text = rows.text(row, status),
            let by = rows.text(row, maker)
        else { return nil }
        self.init(status: text, maker: by)
    }
}
