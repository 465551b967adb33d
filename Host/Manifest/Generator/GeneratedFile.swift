/// One file that the generator writes.
package struct GeneratedFile: Hashable, Sendable {
    /// From the root of the repository: `Plugins/HomeServices/Generated/WorkOrder+Generated.swift`.
    package let path: String
    package let text: String

    package init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}
