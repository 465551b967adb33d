import HostGateway
import HostModel
import Testing

struct HostsExpositionTests {
    @Test func `series of several hosts stand under one head, each with its host`() {
        let first = "# TYPE a counter\na 1\na{x=\"y z\"} 2\n# TYPE b gauge\nb 3.5\n"
        let second = "# TYPE a counter\na 4\n# TYPE c histogram\nc_bucket{le=\"+Inf\"} 5\nc_sum 0.1\n"
        #expect(
            HostsExposition.merged([(1, first), (2, second)])
                == """
                # TYPE a counter
                a{host="1"} 1
                a{host="1",x="y z"} 2
                a{host="2"} 4
                # TYPE b gauge
                b{host="1"} 3.5
                # TYPE c histogram
                c_bucket{host="2",le="+Inf"} 5
                c_sum{host="2"} 0.1

                """)
    }

    @Test func `a host without series, and no host at all, are nothing`() {
        #expect(HostsExposition.merged([]).isEmpty)
        #expect(HostsExposition.merged([(1, "")]).isEmpty)
        #expect(HostsExposition.merged([(1, "# TYPE a counter\n")]) == "# TYPE a counter\n")
    }

    @Test func `the host's own text keeps every sample`() {
        let factory = PrometheusFactory()
        HostMetrics(factory: factory).count(.laneConnected(lane: 0))
        let merged = HostsExposition.merged([(3, factory.exposition())])
        #expect(merged.contains("thorbis_database_lanes{host=\"3\"} 1.0\n"))
        #expect(merged.split(separator: "\n").count == factory.exposition().split(separator: "\n").count)
    }
}
