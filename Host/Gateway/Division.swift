import HostAuth
import HostPlugins
import NIOHTTP1

/// Several sets of plugins that share the businesses, while a rollout or a pin is there.
final class Division: Sendable {
    private let choice: SnapshotChoice
    private let others: [GatewaySnapshot]

    /// - Parameters:
    ///   - choice: Says which set serves a business.
    ///   - others: The sets beside the stable one, which the choice numbers from 1.
    init(choice: SnapshotChoice, others: [GatewaySnapshot]) {
        self.choice = choice
        self.others = others
    }

    /// The snapshot for the business that a request's token claims; nil for whoever claims none.
    ///
    /// The claim isn't verified here: ``GatewayResponder`` has it proven before the snapshot answers anything.
    func snapshot(for head: HTTPRequestHead, stable: GatewaySnapshot) -> GatewaySnapshot? {
        guard let authorization = head.headers.first(name: "authorization"),
            let business = ClaimedBusiness.read(authorization)
        else { return nil }
        let number = choice.set(for: business) - 1
        return others.indices.contains(number) ? others[number] : stable
    }
}
