/// The right edge of an RFC 6962 Merkle tree: enough to append a leaf and to compute the root, in O(log n).
///
/// Holds the root of each perfect subtree of the log, the largest (leftmost) first: one for each bit that is set in
/// the size, so 64 at most.
package struct MerkleFrontier: Hashable, Sendable {
    /// How many leaves were appended.
    package private(set) var size: UInt64
    package private(set) var subtrees: [AuditHash]

    /// Of an empty log.
    package init() {
        size = 0
        subtrees = []
    }

    /// One that was stored; nil if the number of subtrees doesn't fit the size.
    package init?(size: UInt64, subtrees: [AuditHash]) {
        guard subtrees.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.subtrees = subtrees
    }

    package mutating func append(_ leaf: AuditHash) {
        var merged = leaf
        // Each low bit that is set is a perfect subtree of the same height as the one being built: they join.
        for _ in 0..<(~size).trailingZeroBitCount { merged = .node(subtrees.removeLast(), merged) }
        subtrees.append(merged)
        size += 1
    }

    /// The Merkle tree head of the log (RFC 6962 section 2.1).
    package var root: AuditHash {
        guard var root = subtrees.last else { return .emptyRoot }
        for subtree in subtrees.dropLast().reversed() { root = .node(subtree, root) }
        return root
    }
}
