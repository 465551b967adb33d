import Foundation

/// Fault: needs a library that isn't every host's.
func fileNames() -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "/")) ?? []
}
