import HostModel

/// How many generations a process keeps: code is never unmapped, so each reload costs memory, and the runtime's
/// lookups get slower with the images. Pure.
package struct GenerationBudget: Hashable, Sendable {
    /// Generations of one plugin that have operations at work: more would mean that reloads come faster than
    /// operations end.
    package static let liveMax = 3
    /// Retired generations after which a fresh process should take over; nothing is refused for it.
    static func retiredMax(of countMax: Int) -> Int { max(0, countMax / 8 - 1) }
    /// All generations of a process, unless the operator says otherwise.
    package static let countMax = 200
    /// The memory of all images: their files, which stay whole, and what is written to of them.
    package static let heldBytesMax = 512 << 20

    private let countMax: Int
    private let count: Int
    private let retired: Int
    private let heldBytes: Int
    private let live: [PluginID: Int]

    /// - Parameter countMax: Generations that the process may map; an eighth of it may be retired before fresh hosts
    ///   are advised.
    package init(_ generations: [PluginGeneration], countMax: Int = GenerationBudget.countMax) {
        self.countMax = countMax
        count = generations.count
        heldBytes = generations.reduce(0) { $0 + $1.image.heldBytes }
        var live: [PluginID: Int] = [:]
        var retired = 0
        for generation in generations {
            switch generation.state {
            case .serving, .draining: live[generation.plugin, default: 0] += 1
            case .retired, .forced: retired += 1
            // Rollouts have a bound of their own, the sets that a host holds. Of a quarantined one nothing is mapped.
            case .canary, .quarantined: break
            }
        }
        self.live = live
        self.retired = retired
    }

    /// For tests of the bounds.
    init(
        count: Int, retired: Int, heldBytes: Int, live: [PluginID: Int] = [:],
        countMax: Int = GenerationBudget.countMax
    ) {
        self.countMax = countMax
        self.count = count
        self.retired = retired
        self.heldBytes = heldBytes
        self.live = live
    }

    /// Why no further generation of a plugin may be loaded; nil when one may.
    func refusal(of plugin: PluginID) -> PluginRefusal? {
        if let live = live[plugin], live >= Self.liveMax {
            return PluginRefusal(
                .budget, plugin: plugin.description,
                "\(live) generations of it have operations at work, and \(Self.liveMax) may.",
                hint: "Wait until those that drain have ended (`thorbis plugin list`), then reload.")
        }
        return bound.map { PluginRefusal(.budget, plugin: plugin.description, $0) }
    }

    /// The bound that the whole process is at.
    private var bound: String? {
        if count >= countMax {
            return "This process has mapped \(count) generations, and \(countMax) is the most."
        }
        guard heldBytes >= Self.heldBytesMax else { return nil }
        return "The images of this process take \(heldBytes >> 20) MB, and \(Self.heldBytesMax >> 20) is the most."
    }

    /// Why a fresh process should take over soon; nil when there is room. For people, one sentence.
    package var advice: String? {
        let retiredMax = Self.retiredMax(of: countMax)
        if retired > retiredMax {
            return "\(retired) retired generations are mapped, more than \(retiredMax); "
                + "`thorbis handover` gives their memory back."
        }
        if heldBytes > Self.heldBytesMax / 2 {
            return "the images take \(heldBytes >> 20) MB of the \(Self.heldBytesMax >> 20) that may be; "
                + "`thorbis handover` gives their memory back."
        }
        return nil
    }
}
