import Foundation
import Testing

/// Who may import whom: the table of docs/ARCHITECTURE.md.
struct ImportTests {
    /// The modules of ours that a room may import.
    static let allowed: [String: Set<String>] = [
        "Model": [],
        "Manifest": ["HostModel"],
        "SQL": ["HostModel", "HostManifest"],
        "Transfer": ["HostModel", "HostManifest"],
        "Audit": ["HostModel"],
        "Tenancy": ["HostModel"],
        "Auth": ["HostModel", "HostTenancy"],
        "Postgres": ["HostModel", "CLibPQ", "CLinux"],
        "Storage": [
            "HostModel", "HostManifest", "HostSQL", "HostTransfer", "HostAudit", "HostTenancy", "HostAuth",
            "HostPostgres",
        ],
        "Jobs": [
            "HostModel", "HostManifest", "HostSQL", "HostTransfer", "HostTenancy", "HostAuth", "HostStorage",
        ],
        "Plugins": [
            "HostModel", "HostManifest", "HostSQL", "HostTenancy", "HostAuth", "HostStorage", "CLinux", "PluginAPI",
        ],
        "Gateway": [
            "HostModel", "HostManifest", "HostSQL", "HostTransfer", "HostTenancy", "HostAuth", "HostStorage",
            "HostPlugins",
        ],
        "Supervisor": ["HostModel", "CLinux"],
    ]

    @Test(arguments: allowed.keys.sorted()) func `a room imports only rooms above it`(room: String) throws {
        let allowed = try #require(Self.allowed[room])
        for file in try SourceTree.files(below: ["Host/\(room)"]) {
            for module in imports(of: file) where isOurs(module) {
                #expect(allowed.contains(module), "\(file.path) imports \(module)")
            }
        }
    }

    @Test func `pure rooms do no input or output and read no clock`() throws {
        let words = ["FileManager", "Process(", "clock_gettime", "Date()", "ContinuousClock", "getenv", "NIOCore"]
        for file in try SourceTree.files(
            below: ["Manifest", "SQL", "Transfer", "Audit", "Tenancy"].map { "Host/\($0)" })
        {
            for word in words { #expect(!file.text.contains(word), "\(file.path) has \(word)") }
        }
    }

    @Test func `only the executable reads the environment`() throws {
        for file in try SourceTree.files(below: ["Host"]) where !file.path.hasPrefix("Host/Thorbis/") {
            for word in ["getenv(", "processInfo.environment", "CommandLine.arguments"] {
                #expect(!file.text.contains(word), "\(file.path) has \(word)")
            }
        }
    }

    @Test func `a plugin imports PluginAPI alone`() throws {
        for file in try SourceTree.files(below: ["Plugins"]) {
            for module in imports(of: file) {
                #expect(module == "PluginAPI" || module.hasSuffix("Logic"), "\(file.path) imports \(module)")
            }
        }
    }

    @Test func `PluginAPI stands on the standard library alone`() throws {
        for file in try SourceTree.files(below: ["PluginAPI/Sources"]) {
            #expect(imports(of: file).isEmpty, "\(file.path) imports \(imports(of: file))")
        }
    }

    private func isOurs(_ module: String) -> Bool {
        module.hasPrefix("Host") || ["CLibPQ", "CLinux", "PluginAPI"].contains(module)
    }

    private func imports(of file: SourceTree.File) -> [String] {
        file.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let position = words.firstIndex(of: "import"), position <= 1, words.count > position + 1,
                !line.hasPrefix(" "), !line.hasPrefix("//")
            else { return nil }
            return String(words[words.count - 1])
        }
    }
}
