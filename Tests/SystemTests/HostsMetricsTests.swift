import Foundation
import HostModel
import Testing

/// `/metrics` of several hosts, asked of any of them.
struct HostsMetricsTests {
    @Test func `one scrape has the series of every host, and says who doesn't answer`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        let server = try await place.serve(["THORBIS_HOSTS": "2"])
        let client = HTTPClient(baseURL: server.baseURL)
        let both = try await eventually(within: .seconds(30)) {
            let text = try await client.get("/metrics").text
            return text.contains("thorbis_hosts_answering 2") ? text : nil
        }
        for host in 1...2 {
            #expect(both.contains("thorbis_plugin_generations{host=\"\(host)\",plugin=\"core\",state=\"serving\"} 1"))
            #expect(both.contains("process_resident_memory_bytes{host=\"\(host)\"} "))
        }
        let heads = both.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
        #expect(Set(heads).count == heads.count, "a name has one head")
        #expect(both.contains("thorbis_hosts_silent 0"))

        // One that is there and says nothing keeps the scrape for half a second, no longer.
        let stopped = try #require(ProcessTable.child(of: server.processID, running: "serve"))
        kill(stopped, SIGSTOP)
        try await eventually(within: .seconds(30)) {
            let text = try await client.get("/metrics").text
            return text.contains("thorbis_hosts_silent 1") && text.contains("thorbis_hosts_answering 1") ? true : nil
        }
        kill(stopped, SIGCONT)
        #expect(try await server.stop() == 0)
    }
}
