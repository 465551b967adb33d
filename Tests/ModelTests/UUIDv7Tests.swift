import HostModel
import Testing

struct UUIDv7Tests {
    @Test func `the example of RFC 9562, appendix A.6`() {
        let uuid = UUIDv7Source.make(milliseconds: 0x017F_22E2_79B0, random: (0xCC3, 0x18C4_DC0C_0C07_398F))
        #expect(RecordID(uuid).description == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    }

    @Test func `random bits never touch version and variant`() {
        let uuid = UUIDv7Source.make(milliseconds: 0, random: (.max, .max))
        #expect(RecordID(uuid).description == "00000000-0000-7fff-bfff-ffffffffffff")
    }

    @Test func `ids of later milliseconds sort later`() {
        let earlier = RecordID(UUIDv7Source.make(milliseconds: 1_000, random: (.max, .max)))
        let later = RecordID(UUIDv7Source.make(milliseconds: 1_001, random: (0, 0)))
        #expect(earlier < later)
        #expect(earlier.description < later.description)
    }
}
