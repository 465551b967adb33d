/// The metrics of several hosts as one text, in which each series says of which host it is. Pure.
package enum HostsExposition {
    /// Every host's series under one head for each name, names in the order in which they come.
    ///
    /// - Parameter texts: By the host's number; each as ``PrometheusFactory/exposition()`` gives it.
    package static func merged(_ texts: [(host: Int, text: String)]) -> String {
        var order: [Substring] = []
        var lines: [Substring: [String]] = [:]
        for (host, text) in texts {
            var head: Substring = ""
            for line in text.split(separator: "\n") {
                if line.hasPrefix("# ") {
                    head = line
                    if lines[head] == nil {
                        order.append(head)
                        lines[head] = []
                    }
                } else {
                    lines[head, default: []].append(labelled(line, host))
                }
            }
        }
        return order.map { head in "\(head)\n" + (lines[head] ?? []).joined() }.joined()
    }

    /// `name{a="b"} 1` becomes `name{host="2",a="b"} 1`. A name has neither brace nor space.
    private static func labelled(_ line: Substring, _ host: Int) -> String {
        guard let end = line.utf8.firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: " ") }) else {
            return "\(line)\n"
        }
        let rest = line[end...]
        return rest.first == "{"
            ? "\(line[..<end]){host=\"\(host)\",\(rest.dropFirst())\n" : "\(line[..<end]){host=\"\(host)\"}\(rest)\n"
    }
}
