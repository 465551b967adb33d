import HostAudit
import Testing

struct MerkleFrontierTests {
    /// The eight leaves and the roots after each of them that the Certificate Transparency project tests with.
    private static let leaves: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], Array(0x40...0x43), Array(0x50...0x57), Array(0x60...0x6F),
    ]
    private static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test func `the published roots are reproduced`() {
        var frontier = MerkleFrontier()
        for (leaf, root) in zip(Self.leaves, Self.roots) {
            frontier.append(.leaf(leaf))
            #expect(frontier.root.description == root)
        }
    }

    @Test func `an empty log has the hash of nothing for a root`() {
        #expect(
            MerkleFrontier().root.description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func `the root is that of the tree built from all leaves`() {
        var frontier = MerkleFrontier()
        var leaves: [AuditHash] = []
        for number in 0..<200 {
            let leaf = AuditHash.leaf(Array("leaf \(number)".utf8))
            leaves.append(leaf)
            frontier.append(leaf)
            #expect(frontier.root == Self.root(of: leaves[...]))
            #expect(frontier.subtrees.count == leaves.count.nonzeroBitCount)
        }
    }

    @Test func `a stored frontier goes on where it stopped`() throws {
        var frontier = MerkleFrontier()
        for leaf in Self.leaves.prefix(5) { frontier.append(.leaf(leaf)) }
        var restored = try #require(MerkleFrontier(size: frontier.size, subtrees: frontier.subtrees))
        for leaf in Self.leaves.dropFirst(5) { restored.append(.leaf(leaf)) }
        #expect(restored.root.description == Self.roots[7])
    }

    @Test func `a frontier with a subtree too few is refused`() {
        #expect(MerkleFrontier(size: 3, subtrees: [.zero]) == nil)
    }

    /// The definition of RFC 6962 section 2.1, word for word: split at the largest power of two below the size.
    private static func root(of leaves: ArraySlice<AuditHash>) -> AuditHash {
        guard leaves.count > 1 else { return leaves.first ?? .emptyRoot }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        return .node(root(of: leaves.prefix(split)), root(of: leaves.dropFirst(split)))
    }
}
