import HostManifest

/// What changed between two interfaces of PluginAPI, and what the version has to say to it. Pure.
struct InterfaceChange: Hashable {
    /// What plugins that were built with the older one may rely on, and can't any more.
    var breaking: [String] = []
    /// What only plugins built with the newer one can use.
    var additions: [String] = []

    /// Reads what `swift-api-digester -diagnose-sdk -abi` printed: a line for each change, below headings.
    init(report: String) {
        for line in report.split(separator: "\n") where !line.hasPrefix("/*") {
            // The one kind of change that breaks nobody; the digester tells of it because Apple's need a version.
            if line.hasSuffix(" is a new API without '@available'") {
                additions.append(String(line.dropLast(" without '@available'".count)))
            } else {
                breaking.append(String(line))
            }
        }
    }

    /// Why the version is wrong, with what to do; nil when it is right.
    func finding(from old: SemanticVersion, to new: SemanticVersion) -> String? {
        if new < old { return "PluginAPI says it is \(new), and \(old) is published." }
        if !breaking.isEmpty, new.major == old.major {
            return """
                These changes break plugins that were built with PluginAPI \(old):
                \(breaking.joined(separator: "\n"))
                Keep what was there and add beside it, or raise PluginAPIVersion.major.
                """
        }
        if !additions.isEmpty, new == old {
            return """
                These are new since PluginAPI \(old), and plugins that use them would crash a host of \(old):
                \(additions.joined(separator: "\n"))
                Raise PluginAPIVersion.minor.
                """
        }
        return nil
    }
}
