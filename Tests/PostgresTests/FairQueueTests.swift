import Testing

@testable import HostPostgres

struct FairQueueTests {
    private func queue(countMax: Int = 100, _ elements: String...) -> FairQueue<Character, String> {
        var queue = FairQueue<Character, String>(countMax: countMax)
        for element in elements { #expect(queue.add(element, of: owner(element)) == nil) }
        return queue
    }

    private func owner(_ element: String) -> Character { element.first ?? "?" }

    private func drain(_ queue: inout FairQueue<Character, String>) -> [String] {
        var taken: [String] = []
        while let element = queue.next() { taken.append(element) }
        return taken
    }

    @Test func `owners take turns, and what one of them brought stays in order`() {
        var queue = queue("a1", "a2", "a3", "b1", "c1", "c2")
        #expect(drain(&queue) == ["a1", "b1", "c1", "a2", "c2", "a3"])
        #expect(queue.isEmpty)
    }

    @Test func `whoever comes late waits for one of each, not for all`() {
        var queue = queue("a1", "a2", "a3", "a4")
        #expect(queue.next() == "a1")
        #expect(queue.add("b1", of: "b") == nil)
        #expect(drain(&queue) == ["a2", "b1", "a3", "a4"])
    }

    @Test func `an owner that may have no more is passed over and keeps its place in its line`() {
        var queue = queue("a1", "a2", "b1")
        #expect(queue.next { $0 != "a" } == "b1")
        #expect(queue.next { $0 != "a" } == nil)
        #expect(queue.count == 2)
        #expect(drain(&queue) == ["a1", "a2"])
    }

    @Test func `a full queue drops the newest of whoever has most in it`() {
        var queue = queue(countMax: 4, "a1", "a2", "a3", "b1")
        #expect(queue.add("c1", of: "c") == "a3")
        #expect(queue.count == 4)
        #expect(queue.add("b2", of: "b") == "b2", "a has no more than b would have")
        #expect(drain(&queue) == ["a1", "b1", "c1", "a2"])
    }

    @Test func `a full queue refuses whoever filled it`() {
        var queue = queue(countMax: 2, "a1", "a2")
        #expect(queue.add("a3", of: "a") == "a3")
        #expect(drain(&queue) == ["a1", "a2"])
    }

    @Test func `a queue of no places refuses everybody`() {
        var queue = queue(countMax: 0)
        #expect(queue.add("a1", of: "a") == "a1")
        #expect(queue.next() == nil)
    }

    @Test func `those taken out of the middle leave the others in turn`() {
        var queue = queue("a1", "a2", "b1", "c1")
        #expect(queue.removeAll { $0.hasSuffix("1") && $0 != "c1" } == ["a1", "b1"])
        #expect(queue.removeAll { $0 == "x" } == [])
        #expect(queue.count == 2)
        #expect(queue.add("b2", of: "b") == nil)
        #expect(drain(&queue) == ["a2", "c1", "b2"])
    }
}
