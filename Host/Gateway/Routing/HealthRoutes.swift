import HostModel
import NIOHTTP1

/// The routes that tell about the process itself.
enum HealthRoutes {
    static func all(
        isReady: @escaping @Sendable () -> Bool, exposition: @escaping @Sendable () async -> String
    ) -> [Route] {
        [
            Route(
                .GET, "/healthz", page: page("health", "Whether the process answers", "application/json"),
                handler: .open(HealthEndpoint { true })),
            Route(
                .GET, "/readyz",
                page: page("ready", "Whether the process takes requests", "application/json", [.unavailable]),
                handler: .open(HealthEndpoint(isHealthy: isReady))),
            Route(
                .GET, "/metrics", page: page("metrics", "Metrics in Prometheus's form", "text/plain"),
                handler: .open(MetricsEndpoint(exposition: exposition))),
        ]
    }

    private static func page(
        _ name: String, _ summary: String, _ type: String, _ codes: [Problem.Code] = []
    ) -> RoutePage {
        RoutePage(
            operationID: "platform_\(name)", summary: summary, tag: "platform", answer: .document(contentType: type),
            codes: codes)
    }
}
