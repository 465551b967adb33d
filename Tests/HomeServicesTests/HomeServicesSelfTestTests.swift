import HomeServicesLogic
import PluginAPI
import Testing

struct HomeServicesSelfTestTests {
    @Test func `home services pass their own test`() async throws {
        try await HomeServices().selfTest()
    }
}
