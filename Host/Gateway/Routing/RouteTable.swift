package import NIOHTTP1

/// All routes of one moment as a tree of path segments; never changes, a reload makes another.
///
/// Paths match exactly: no trailing slash, no doubled slash, no percent-encoded spelling of a fixed segment, so that a
/// resource has one name.
package struct RouteTable: Sendable {
    private struct Node: Sendable {
        var children: [(segment: [UInt8], node: Int)] = []
        /// The node behind `{id}`.
        var parameter: Int?
        var routes: [(method: HTTPMethod, route: Route)] = []
    }

    private var nodes = [Node()]
    /// In the order they were given; the OpenAPI document keeps it.
    package private(set) var routes: [Route] = []

    /// - Throws: ``RouteClash`` when two routes have the same method and path.
    package init(_ routes: [Route]) throws(RouteClash) {
        for route in routes { try add(route) }
    }

    /// What is at the end of a request target's path.
    package func match(_ method: HTTPMethod, target: String) -> RouteMatch {
        var target = target
        guard let (node, parameter) = target.withUTF8({ bytes in unsafe find(bytes) }) else { return .notFound }
        let routes = nodes[node].routes
        guard !routes.isEmpty else { return .notFound }
        // HEAD is GET without the body (RFC 9110 section 9.3.2); the engine leaves the body out.
        let wanted = method == .HEAD ? .GET : method
        for candidate in routes where candidate.method == wanted {
            return .found(candidate.route, parameter: parameter)
        }
        return method == .OPTIONS ? .options(allowed(routes)) : .methodNotAllowed(allowed(routes))
    }

    private func allowed(_ routes: [(method: HTTPMethod, route: Route)]) -> [String] {
        var methods = routes.map(\.method.rawValue)
        if methods.contains("GET") { methods.append("HEAD") }
        return (methods + ["OPTIONS"]).sorted()
    }

    /// Walks the path segment by segment, a fixed segment before the parameter.
    private func find(_ target: UnsafeBufferPointer<UInt8>) -> (node: Int, parameter: String?)? {
        let end = unsafe target.firstIndex(of: UInt8(ascii: "?")) ?? target.count
        guard end > 0, unsafe target[0] == UInt8(ascii: "/") else { return nil }
        var node = 0
        var parameter: String?
        var start = 1
        while start <= end {
            // Sound: the buffer outlives the call, and every slice of it is inside its bounds.
            let segmentEnd = unsafe target[start..<end].firstIndex(of: UInt8(ascii: "/")) ?? end
            let segment = unsafe target[start..<segmentEnd]
            if let child = nodes[node].children.first(where: { unsafe $0.segment.elementsEqual(segment) }) {
                node = child.node
            } else if let child = nodes[node].parameter, segmentEnd > start {
                node = child
                parameter = unsafe String(decoding: segment, as: UTF8.self)
            } else {
                return nil
            }
            start = segmentEnd + 1
        }
        return (node, parameter)
    }

    private mutating func add(_ route: Route) throws(RouteClash) {
        var node = 0
        for segment in route.pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            node = child(of: node, segment)
        }
        guard !nodes[node].routes.contains(where: { $0.method == route.method }) else {
            throw RouteClash(method: route.method.rawValue, pattern: route.pattern)
        }
        nodes[node].routes.append((route.method, route))
        routes.append(route)
    }

    private mutating func child(of node: Int, _ segment: Substring) -> Int {
        if segment == "{id}" {
            if let child = nodes[node].parameter { return child }
            nodes.append(Node())
            nodes[node].parameter = nodes.count - 1
            return nodes.count - 1
        }
        let bytes = Array(segment.utf8)
        if let child = nodes[node].children.first(where: { $0.segment == bytes }) { return child.node }
        nodes.append(Node())
        nodes[node].children.append((bytes, nodes.count - 1))
        return nodes.count - 1
    }
}

/// Two routes with one method and path.
package struct RouteClash: Error, Hashable, Sendable, CustomStringConvertible {
    package let method: String
    package let pattern: String

    package var description: String { "Two routes answer \(method) \(pattern)." }
}

/// What the head alone says about a request.
package enum RouteMatch: Sendable {
    /// `parameter` is the segment in the place of `{id}`.
    case found(Route, parameter: String?)
    case options([String])
    case methodNotAllowed([String])
    case notFound

    /// The label for logs and metrics: a pattern, never a path, so that there are few.
    var pattern: String {
        switch self {
        case .found(let route, _): route.pattern
        case .options: "(options)"
        case .methodNotAllowed: "(method not allowed)"
        case .notFound: "(not found)"
        }
    }
}
