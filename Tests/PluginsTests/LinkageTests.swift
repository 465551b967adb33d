import Foundation
import HostManifest
import PluginAPI
import Testing

// The reader of ELF files is no other room's business, so it isn't package API.
@testable import HostPlugins

/// The libraries that are shipped. `THORBIS_BUILD_DIR=.build/release` looks at another build than the tests' own.
struct LinkageTests {
    static let plugins = ["libCorePlugin.so", "libHomeServicesPlugin.so"]

    @Test(arguments: plugins)
    func `a plugin shares PluginAPI, exports its entry alone and is never unmapped`(name: String) throws {
        let file = try ELFFile(try BuildFolder.bytes(name))
        let dynamic = try ELFDynamic(file)
        let symbols = try ELFSymbols(file)
        #expect(dynamic.needed.contains("libPluginAPI.so"))
        #expect(dynamic.isNoDelete)
        #expect(symbols.exports == ["thorbis_plugin_entry_v1"])
        let copies = symbols.definitions.filter { $0.hasPrefix("$s9PluginAPI") && $0.hasSuffix("Mp") }
        #expect(copies.isEmpty)
        #expect(try file.retroactiveConformances() == 0)
    }

    @Test func `the host shares PluginAPI`() throws {
        let file = try ELFFile(executable: try BuildFolder.bytes("thorbis"))
        let dynamic = try ELFDynamic(file)
        #expect(dynamic.needed.contains("libPluginAPI.so"))
        let definesProtocol = try ELFSymbols(file).definitions.contains("$s9PluginAPI08VerticalA0Mp")
        #expect(!definesProtocol)
    }

    @Test func `libPluginAPI has the name by which plugins ask for it`() throws {
        #expect(try ELFDynamic(ELFFile(try BuildFolder.bytes("libPluginAPI.so"))).soname == "libPluginAPI.so")
    }

    @Test func `a process with all plugins in it has one libPluginAPI`() throws {
        for name in Self.plugins {
            let bytes = try BuildFolder.bytes(name)
            let image = try SealedImage(name: name, bytes: bytes)
            _ = unsafe try image.open()
        }
        let mapped = Set(try MemoryMap.textFiles(named: "libPluginAPI.so").compactMap { $0.split(separator: " ").last })
        #expect(mapped.count == 1)
    }
}
