import HostStorage
import Testing

struct PageCutTests {
    @Test(arguments: [
        ([], 2, 10, 0, false), ([3, 3], 2, 10, 2, false), ([3, 3, 3], 2, 10, 2, true), ([6, 5, 1], 3, 10, 1, true),
        ([4, 6, 1], 3, 10, 2, true), ([11, 1], 2, 10, 1, true), ([11], 2, 10, 1, true), ([10], 2, 10, 1, false),
        ([10, 0], 2, 10, 2, false),
    ])
    func `a page ends at its limit or before its bytes are too many, but never empty`(
        bytes: [Int], limit: Int, max: Int, count: Int, hasMore: Bool
    ) {
        let cut = PageCut(bytes: bytes, limit: limit, bytesMax: max)
        #expect(cut.count == count)
        #expect(cut.hasMore == hasMore)
    }
}
