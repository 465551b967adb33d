import HostManifest
package import HostModel

/// Which of several sets of plugins serves a business. Pure, and sticky: a business gets the same set, on every host
/// and with every request, until the rollout is changed.
package struct SnapshotChoice: Hashable, Sendable {
    /// A candidate that serves some of the businesses.
    package struct Canary: Hashable, Sendable {
        package let plugin: PluginID
        /// 0 to 100.
        package let percent: Int
        /// Served by it whatever the percentage says.
        package let businesses: Set<BusinessID>
        /// The number of the set that has the candidate.
        package let set: Int

        package init(plugin: PluginID, percent: Int, businesses: Set<BusinessID>, set: Int) {
            self.plugin = plugin
            self.percent = percent
            self.businesses = businesses
            self.set = set
        }

        func takes(_ business: BusinessID) -> Bool {
            businesses.contains(business) || BusinessShare.of(business, for: plugin) < percent
        }
    }

    /// The set that has just the versions that a business is pinned to; it takes part in no canary.
    package let pinned: [BusinessID: Int]
    package let canary: Canary?

    package init(pinned: [BusinessID: Int] = [:], canary: Canary? = nil) {
        self.pinned = pinned
        self.canary = canary
    }

    /// The number of the set: 0 is the stable one.
    package func set(for business: BusinessID) -> Int {
        if let number = pinned[business] { return number }
        guard let canary, canary.takes(business) else { return 0 }
        return canary.set
    }
}

/// Where a business stands among all of them, for one plugin.
package enum BusinessShare {
    /// 0 to 99, spread evenly. Depends on the business and the plugin only, so that a higher percentage takes every
    /// business that a lower one took, and so that it isn't the same businesses that try everything first.
    package static func of(_ business: BusinessID, for plugin: PluginID) -> Int {
        // FNV-1a alone leaves its lowest bits to the last bytes: the finalizer of SplitMix64 stirs them.
        var bits = FNV1a.hash("\(plugin)/\(business)")
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((bits ^ bits >> 31) % 100)
    }
}
