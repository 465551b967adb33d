import NIOCore

/// Those who stand in line, taken in turn from each owner: who brings many waits behind its own, and nobody else does.
///
/// Pure: lanes and pool do what it decides. An owner of whom nothing waits costs nothing.
struct FairQueue<Owner: Hashable, Element> {
    private let countMax: Int
    private var lines: [Owner: CircularBuffer<Element>] = [:]
    /// Owners of whom something waits, each once; the first is the next in turn.
    private var turns = CircularBuffer<Owner>()
    private(set) var count = 0

    init(countMax: Int) {
        self.countMax = countMax
    }

    var isEmpty: Bool { count == 0 }

    /// Puts one behind the others of its owner.
    ///
    /// - Returns: Who has to go for it; nil while there is room. It is the newest of the owner of whom most wait, so
    ///   that a full queue keeps nobody out who brings little.
    mutating func add(_ element: Element, of owner: Owner) -> Element? {
        var dropped: Element?
        if count >= countMax {
            let own = lines[owner]?.count ?? 0
            // Looked for only when the queue is full, among at most as many owners as it has places.
            guard let longest = lines.max(by: { $0.value.count < $1.value.count }), longest.value.count > own + 1
            else { return element }
            dropped = lines[longest.key]?.popLast()
            count -= 1
        }
        if lines[owner] == nil { turns.append(owner) }
        lines[owner, default: CircularBuffer()].append(element)
        count += 1
        return dropped
    }

    /// Takes the next in turn of the owners that may have one more now; the others keep waiting.
    mutating func next(where mayTake: (Owner) -> Bool) -> Element? {
        for _ in 0..<turns.count {
            let owner = turns.removeFirst()
            guard mayTake(owner), let element = lines[owner]?.popFirst() else {
                turns.append(owner)
                continue
            }
            if lines[owner]?.isEmpty == true { lines[owner] = nil } else { turns.append(owner) }
            count -= 1
            return element
        }
        return nil
    }

    /// Takes the next in turn.
    mutating func next() -> Element? { next { _ in true } }

    func contains(where fits: (Element) -> Bool) -> Bool { lines.values.contains { $0.contains(where: fits) } }

    /// Takes out those that fit, owner by owner.
    mutating func removeAll(where fits: (Element) -> Bool) -> [Element] {
        guard contains(where: fits) else { return [] }
        var removed: [Element] = []
        for owner in turns {
            guard let line = lines[owner] else { continue }
            removed += line.filter(fits)
            let rest = CircularBuffer(line.filter { !fits($0) })
            lines[owner] = rest.isEmpty ? nil : rest
        }
        turns = CircularBuffer(turns.filter { lines[$0] != nil })
        count -= removed.count
        return removed
    }
}
