package import HostModel

/// What a list asks for: which records, in which order, after which one, and how many.
///
/// Made by ``parse(_:for:)``; its names are columns of the entity, its values fit them.
package struct ListQuery: Hashable, Sendable {
    package static let limitDefault = 50
    package static let limitMax = 200
    package static let filterCountMax = 10
    /// How far ``Count/capped`` counts.
    package static let countMax = 1_000
    /// The bytes of JSON after which a page ends early, whatever its limit: a record can have hundreds of kilobytes.
    package static let pageBytesMax = 4 * 1_024 * 1_024

    /// How many records at most, 1 to 200. The statement asks for one more, which tells whether there are more.
    package var limit: Int
    package var sort: Sort
    package var filters: [Filter]
    package var archived: Archived
    /// Words to look for in the searched fields, as they came; nil for no search.
    package var search: String?
    /// How ``search`` is gone about; whoever runs the list finds it first.
    package var searchPlan: SearchPlan?
    /// Which members each record shows.
    package var selection: RecordSelection
    package var count: Count
    /// The first change that is asked for, in PostgreSQL's text form; nil for a list that isn't about changes. Orders
    /// by the last change, and shows archived records unless told otherwise.
    package var updatedSince: String?
    /// The parameter `cursor` as it came, still sealed; whoever opens it sets ``position``.
    package var cursor: String?
    /// The last record of the page before; nil for the first page.
    package var position: Position?

    /// A column, and which end comes first. The id decides between equal values.
    ///
    /// Records without a value come last when ascending, first when descending.
    package struct Sort: Hashable, Sendable, CustomStringConvertible {
        package let column: String
        package let isDescending: Bool

        package init(_ column: String, isDescending: Bool = false) {
            self.column = column
            self.isDescending = isDescending
        }

        /// `-created_at`, as in the parameter.
        package var description: String { (isDescending ? "-" : "") + column }
    }

    /// Whether the page says how many records the list has.
    package enum Count: String, Hashable, Sendable, CaseIterable {
        case none
        /// At most ``ListQuery/countMax``.
        case capped
        case exact
    }

    /// Whether archived records are shown.
    package enum Archived: String, Hashable, Sendable { case hidden, only, any }

    /// A place in an ordered list: the sort column's value in PostgreSQL's text form (nil for NULL) and the id.
    package struct Position: Hashable, Sendable {
        package let key: String?
        package let id: RecordID

        package init(key: String?, id: RecordID) {
            self.key = key
            self.id = id
        }
    }

    /// The list of an entity's newest records.
    package init(
        limit: Int = limitDefault, sort: Sort = Sort("created_at", isDescending: true), filters: [Filter] = [],
        archived: Archived = .hidden, search: String? = nil, selection: RecordSelection = .all, count: Count = .none,
        cursor: String? = nil, position: Position? = nil
    ) {
        self.limit = limit
        self.sort = sort
        self.filters = filters
        self.archived = archived
        self.search = search
        self.selection = selection
        self.count = count
        self.cursor = cursor
        self.position = position
    }

    /// Whether finding a page may take PostgreSQL through many more rows than the page has.
    package var mayScan: Bool { !filters.isEmpty || search != nil || archived == .only || count == .exact }

    /// All that decides which records the list has and in which order, as text: a cursor is good only for the list that
    /// it was made for. What a page shows of them (limit, fields, includes, count) may change from page to page.
    package var fingerprint: String {
        let parts = filters.map(\.description).sorted() + ["archived=\(archived.rawValue)", "q=\(search ?? "")"]
        return ([sort.description] + parts + (updatedSince.map { ["since=\($0)"] } ?? [])).map {
            "\($0.utf8.count):\($0)"
        }.joined(separator: "|")
    }
}
