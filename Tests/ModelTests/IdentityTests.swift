import Foundation
import HostModel
import Testing

struct IdentityTests {
    @Test func `an identity prints as it parses, in lower case`() throws {
        let text = "0192F0C1-2B3C-7D4E-8F50-A1B2C3D4E5F6"
        let business = try #require(BusinessID(text))
        #expect(business.description == text.lowercased())
        #expect(BusinessID(business.description) == business)
    }

    @Test(arguments: [
        "", "x", "0192f0c1-2b3c-7d4e-8f50-a1b2c3d4e5f", "0192f0c12b3c7d4e8f50a1b2c3d4e5f6",
        "{0192f0c1-2b3c-7d4e-8f50-a1b2c3d4e5f6}", "0192f0c1-2b3c-7d4e-8f50-a1b2c3d4e5fg",
    ]) func `anything but the canonical form is refused`(text: String) {
        #expect(RecordID(text) == nil)
    }

    @Test(arguments: ["hs", "core", "a1", "abcdefghijklmnop"]) func `a plugin's id is short and plain`(text: String) {
        #expect(PluginID(text)?.description == text)
    }

    @Test(arguments: ["", "h", "1hs", "Hs", "h-s", "h_s", "abcdefghijklmnopq", "hß", "h s", "../hs"])
    func `any other plugin id is refused`(text: String) {
        #expect(PluginID(text) == nil)
    }
}
