import HostModel

/// Which members of a record an answer shows.
package struct RecordSelection: Hashable, Sendable {
    /// In the record's order, `id` and `version` always among them; nil for all.
    package let members: [String]?

    package init(members: [String]?) {
        self.members = members
    }

    package static let all = RecordSelection(members: nil)

    var isAll: Bool { members == nil }
}

/// Reads `fields=number,status`, for lists and for one record.
struct SelectionParser {
    /// More names than this in one parameter are refused.
    static let fieldCountMax = 100

    let form: RecordForm
    /// Whether lines are members: of one record they are, of a list's records they aren't.
    let hasChildren: Bool
    private(set) var selection = RecordSelection.all
    private(set) var faults: [Problem.Fault] = []

    init(form: RecordForm, hasChildren: Bool) {
        self.form = form
        self.hasChildren = hasChildren
    }

    /// Takes a parameter of a route that takes no others.
    mutating func take(_ name: String, _ value: String) {
        guard name == "fields" else { return refuse(name, "unknown_parameter", "One record takes fields.") }
        guard selection.isAll else { return refuse(name, "duplicate_parameter", "\(name) can be given once.") }
        takeFields(value)
    }

    mutating func takeFields(_ value: String) {
        let names = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard names.count <= Self.fieldCountMax else {
            return refuse("fields", "too_many", "fields names at most \(Self.fieldCountMax) members.")
        }
        var chosen: Set<String> = ["id", "version"]
        for name in names {
            guard let member = member(name) else {
                refuse("fields", "unknown_field", "\(form.table.reference) has no member \(name).")
                continue
            }
            chosen.insert(member)
        }
        selection = RecordSelection(members: members.filter(chosen.contains))
    }

    private var members: [String] {
        form.table.shownColumns.map(\.name) + (hasChildren ? form.children.map(\.member) : [])
    }

    /// A reference goes by the field's name too, as in filters.
    private func member(_ name: String) -> String? {
        if members.contains(name) { return name }
        return form.table.column(named: name).map(\.name).flatMap { members.contains($0) ? $0 : nil }
    }

    private mutating func refuse(_ path: String, _ code: String, _ detail: String) {
        faults.append(Problem.Fault(path: path, code: code, detail: detail))
    }
}
