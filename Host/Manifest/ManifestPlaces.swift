/// Where the entities and fields of a manifest stand in its file, for findings that come after the reading.
package struct ManifestPlaces: Hashable, Sendable {
    /// As the reader of the file named it: `manifests/hs.yaml`.
    package let file: String
    private let positions: [[String]: SourcePosition]

    /// For a manifest that no file has.
    package static let none = ManifestPlaces(file: "the manifest", positions: [:])

    private init(file: String, positions: [[String]: SourcePosition]) {
        self.file = file
        self.positions = positions
    }

    init(_ root: YAMLNode, file: String) {
        var positions: [[String]: SourcePosition] = [:]
        for key in ["entities", "invariants"] {
            guard let section = root.member(key) else { continue }
            positions[[key]] = section.position
            for entity in section.value.members {
                positions[[key, entity.key]] = entity.position
                for member in entity.value.members {
                    positions[[key, entity.key, member.key]] = member.position
                    guard member.key == "fields" else { continue }
                    for field in member.value.members {
                        positions[[key, entity.key, "fields", field.key]] = field.position
                    }
                }
            }
        }
        self.init(file: file, positions: positions)
    }

    /// `manifests/hs.yaml:12:7` for the key at the end of a path, or as far along it as the file goes.
    package subscript(path: [String]) -> String {
        var path = path
        while !path.isEmpty {
            if let position = positions[path] { return "\(file):\(position)" }
            path.removeLast()
        }
        return file
    }
}

extension YAMLNode {
    /// The members of a map; none for anything else.
    fileprivate var members: [YAMLMember] {
        if case .map(let members) = content { members } else { [] }
    }
}
