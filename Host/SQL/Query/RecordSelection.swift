package import HostModel

/// Which members of a record an answer shows, and which records beside it.
package struct RecordSelection: Hashable, Sendable {
    /// In the record's order, `id` and `version` always among them; nil for all.
    package var members: [String]?
    package var includes: [Included]
    /// Who asks; needed where an included record's access is `own`.
    package var viewer: UserID?

    package init(members: [String]? = nil, includes: [Included] = [], viewer: UserID? = nil) {
        self.members = members
        self.includes = includes
        self.viewer = viewer
    }

    package static let all = RecordSelection()

    /// What needs no text of its own.
    var isAll: Bool { members == nil && includes.isEmpty }

    /// The last parameter of a statement that shows it.
    var parameters: [SQLParameter] { hasViewer ? [viewer?.description] : [] }
    var hasViewer: Bool { includes.contains(where: \.hasOwner) }

    /// The same for every viewer: two selections of one shape have one text.
    var shape: RecordSelection {
        var shape = self
        shape.viewer = nil
        return shape
    }
}
