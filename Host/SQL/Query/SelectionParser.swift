import HostModel

/// Reads `fields=number,status` and `include=party,lines.item`, for lists and for one record.
struct SelectionParser {
    /// More names than this in one parameter are refused.
    static let fieldCountMax = 100
    static let includeCountMax = 20

    let form: RecordForm
    /// Whether lines are members: of one record they are, of a list's records they aren't.
    let hasChildren: Bool
    let inclusions: [Inclusion]
    private var seen: Set<String> = []
    private(set) var selection = RecordSelection.all
    private(set) var faults: [Problem.Fault] = []

    init(form: RecordForm, inclusions: [Inclusion], hasChildren: Bool) {
        self.form = form
        self.inclusions = inclusions
        self.hasChildren = hasChildren
    }

    /// Takes a parameter of a route that takes no others.
    mutating func take(_ name: String, _ value: String) {
        guard seen.insert(name).inserted else {
            return refuse(name, "duplicate_parameter", "\(name) can be given once.")
        }
        switch name {
        case "fields": takeFields(value)
        case "include": takeIncludes(value)
        default: refuse(name, "unknown_parameter", "One record takes fields and include.")
        }
    }

    /// Who may see an included record is decided later, where the rights are known: until then nobody may.
    mutating func takeIncludes(_ value: String) {
        let paths = value.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.split(separator: ".", omittingEmptySubsequences: false).map(String.init) }
        guard paths.count <= Self.includeCountMax else {
            return refuse("include", "too_many", "include names at most \(Self.includeCountMax) things.")
        }
        for path in paths where !Self.add(path[...], of: inclusions, to: &selection.includes) {
            let known = inclusions.flatMap { top in [top.member] + top.nested.map { "\(top.member).\($0.member)" } }
            let detail = known.isEmpty ? "nothing can be included" : "it can include \(known.joined(separator: ", "))"
            refuse("include", "unknown_include", "\(form.table.reference): \(detail).")
        }
    }

    /// Gives false for a path that nobody declares. `lines.item` includes the lines too.
    private static func add(_ path: ArraySlice<String>, of known: [Inclusion], to chosen: inout [Included]) -> Bool {
        guard let name = path.first, let inclusion = known.first(where: { $0.member == name }) else { return false }
        let place = chosen.firstIndex { $0.inclusion.member == name } ?? chosen.endIndex
        var included = place == chosen.endIndex ? Included(inclusion) : chosen[place]
        let rest = path.dropFirst()
        guard rest.isEmpty || add(rest, of: inclusion.nested, to: &included.nested) else { return false }
        if place == chosen.endIndex { chosen.append(included) } else { chosen[place] = included }
        return true
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
        selection.members = members.filter(chosen.contains)
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
