package import HostModel

/// What becomes of the lines of a document when others are sent in their place. Pure: the store reads and writes.
///
/// A sent line that has the `id` of one that is there, or else its `external_id`, is that line; any other one is new.
/// What isn't sent is removed.
package struct LineMatching: Sendable {
    /// A line that is there.
    package struct Present: Hashable, Sendable {
        package let id: RecordID
        /// In the form of `UserID`.
        package let maker: String
        package let externalID: String?

        package init(id: RecordID, maker: String, externalID: String?) {
            self.id = id
            self.maker = maker
            self.externalID = externalID
        }
    }

    /// A sent line with its place in the list.
    package struct Sent: Hashable, Sendable {
        package let index: Int
        /// By field name, as ``HostManifest/LineRule`` checks them.
        package let values: JSONObject
    }

    package private(set) var kept: [(line: Present, sent: Sent)] = []
    package private(set) var added: [Sent] = []
    package private(set) var removed: [Present] = []

    /// - Parameters:
    ///   - sent: In their order, the values of each.
    ///   - present: Empty for a new document, whose lines may bring ids of their own.
    ///   - isNew: Whether the document is.
    ///   - member: Of the document's body.
    /// - Throws: `validation_failed` with every id that is no line of this document, and every line that comes twice.
    package init(
        _ sent: [JSONObject], present: [Present], isNew: Bool, member: String
    ) throws(Problem) {
        let byID = Dictionary(present.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let named = present.compactMap { line in line.externalID.map { ($0, line) } }
        let byName = Dictionary(named, uniquingKeysWith: { first, _ in first })
        var faults: [Problem.Fault] = []
        var taken: Set<RecordID> = []
        for (index, values) in sent.enumerated() {
            let id = values["id"]?.string.flatMap { RecordID($0) }
            let found = id.map { byID[$0] } ?? values["external_id"]?.string.flatMap { byName[$0] }
            let place = "/\(member)/\(index)/\(id == nil ? "external_id" : "id")"
            let sent = Sent(index: index, values: values)
            guard let found else {
                if id == nil || isNew {
                    added.append(sent)
                } else {
                    faults.append(
                        Problem.Fault(
                            path: place, code: "unknown_reference",
                            detail: "The document has no such line; leave the id out for a new one."))
                }
                continue
            }
            if taken.insert(found.id).inserted {
                kept.append((found, sent))
            } else {
                faults.append(
                    Problem.Fault(path: place, code: "duplicate", detail: "The line stands in the list already."))
            }
        }
        guard faults.isEmpty else {
            throw Problem(.validationFailed, "Lines are sent that can't be told apart.", faults: faults)
        }
        removed = present.filter { !taken.contains($0.id) }
    }
}
