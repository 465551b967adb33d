import Hummingbird
import Logging

// What a Swift server on a usual framework answers at best: a constant, with no credential, database or JSON to make.
// The body has the length of a customer of the benchmark.
let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 8090
let body = "{\"data\":\"" + String(repeating: "x", count: 540) + "\"}"

let router = Router()
router.get("constant") { _, _ in
    Response(
        status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: body)))
}

var logger = Logger(label: "peer")
logger.logLevel = .error
let application = Application(
    router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger)
try await application.runService()
