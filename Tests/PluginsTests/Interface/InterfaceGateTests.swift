import Foundation
import HostManifest
import PluginAPI
import Testing

/// PluginAPI changes only as its version says.
struct InterfaceGateTests {
    @Test func `the interface is what its version says, beside the one published last`() async throws {
        let (published, interface) = try PublishedInterface.newest()
        let built = try PublishedInterface(folder: BuildFolder.tests.appending(path: "Modules")).alone()
        let change = try await interface.change(to: built)
        let version = SemanticVersion(major: PluginAPIVersion.major, minor: PluginAPIVersion.minor, patch: 0)
        let finding = change.finding(from: published, to: version)
        #expect(finding == nil, "\(finding ?? "")")
    }

    @Test func `what is taken away, or asked of every plugin, breaks; what comes new adds`() async throws {
        let (_, interface) = try PublishedInterface.newest()
        #expect(try await interface.change(to: interface) == InterfaceChange(report: ""))
        let log = "  public func log(_ message: Swift.String)\n"
        let without = try await interface.change(to: try interface.edited(log, ""))
        #expect(without.breaking == ["Func Call.log(_:) has been removed"])
        #expect(without.additions.isEmpty)
        let with = try await interface.change(
            to: try interface.edited(log, log + "  public func note(_ message: Swift.String)\n"))
        #expect(with.breaking.isEmpty)
        #expect(with.additions == ["Func Call.note(_:) is a new API"])
        let descriptor = "  var descriptor: PluginAPI.PluginDescriptor { get }\n"
        let asked = try await interface.change(
            to: try interface.edited(descriptor, descriptor + "  func more()\n"))
        #expect(asked.breaking == ["Func VerticalPlugin.more() has been added as a protocol requirement"])
    }

    private static let removal = "/* Removed Decls */\nFunc Call.log(_:) has been removed\n"
    private static let addition = "/* Decl Attribute changes */\nFunc Call.note(_:) is a new API without '@available'\n"

    @Test(
        arguments: [
            ("", "1.3.0", "1.3.0", nil), ("", "1.3.0", "1.4.0", nil),
            (addition, "1.3.0", "1.4.0", nil), (addition, "1.3.0", "2.0.0", nil),
            (removal, "1.3.0", "2.0.0", nil), (removal + addition, "1.3.0", "2.0.0", nil),
            (addition, "1.3.0", "1.3.0", "Raise PluginAPIVersion.minor"),
            (removal, "1.3.0", "1.3.0", "raise PluginAPIVersion.major"),
            (removal, "1.3.0", "1.4.0", "raise PluginAPIVersion.major"),
            (removal + addition, "1.3.0", "1.4.0", "Func Call.log(_:) has been removed"),
            ("", "1.3.0", "1.2.0", "1.3.0 is published"), (addition, "1.3.0", "1.2.0", "1.3.0 is published"),
        ] as [(String, String, String, String?)])
    func `a break asks for a new major, an addition for a new minor`(
        report: String, old: String, new: String, says: String?
    ) throws {
        let finding = InterfaceChange(report: report).finding(
            from: try #require(SemanticVersion(old)), to: try #require(SemanticVersion(new)))
        if let says { #expect(finding?.contains(says) == true) } else { #expect(finding == nil) }
    }
}
