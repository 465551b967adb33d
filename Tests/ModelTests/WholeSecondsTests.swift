import HostModel
import Testing

struct WholeSecondsTests {
    @Test(arguments: [
        ("PT0S", 0), ("PT1S", 1), ("PT1M", 60), ("PT59M59S", 3_599), ("PT26H", 93_600), ("PT1H1S", 3_601),
    ])
    func `the shown form reads back`(text: String, seconds: Int64) {
        #expect(WholeSeconds(seconds).iso8601 == text)
        #expect(WholeSeconds(iso8601: text)?.seconds == seconds)
    }

    @Test func `the largest numbers don't overflow`() {
        #expect(WholeSeconds(iso8601: "P9999999999W9999999999DT9999999999H")?.seconds == 6_947_999_999_305_200)
    }
}
