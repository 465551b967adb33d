import Foundation

/// The processes of this machine, as `/proc` has them now.
enum ProcessTable {
    private static var all: [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }
    }

    static func commandLine(of process: Int32) -> String {
        let line = (try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8)) ?? ""
        return line.replacing("\0", with: " ")
    }

    static func children(of process: Int32) -> [Int32] { all.filter { parent(of: $0) == process } }

    /// The child of a server whose command line has that word, such as `serve` or `postgres`.
    static func child(of process: Int32, running word: String) -> Int32? {
        children(of: process).first { commandLine(of: $0).contains(word) }
    }

    /// Those whose command line has that text.
    static func naming(_ text: String) -> [Int32] { all.filter { commandLine(of: $0).contains(text) } }

    /// In megabytes; 0 for a process that is gone.
    static func residentMemory(of process: Int32) -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1_024
    }

    private static func parent(of process: Int32) -> Int32? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let rest = text.split(separator: ")").last
        else { return nil }
        return rest.split(separator: " ").dropFirst().first.flatMap { Int32($0) }
    }
}
