import HostModel
import Testing

struct CustomVeilTests {
    private let veil = CustomVeil(["hs.work_order": ["margin"], "core.party": []])

    @Test func `hidden values are taken out, of that entity alone`() {
        let custom: JSONValue = ["margin": 12, "colour": "red"]
        #expect(veil.lifted(from: custom, of: "hs.work_order") == ["colour": "red"])
        #expect(veil.lifted(from: custom, of: "core.party") == custom)
        #expect(veil.lifted(from: "text", of: "hs.work_order") == "text")
    }

    @Test func `an entity without hidden fields is none at all`() {
        #expect(!veil.isNone)
        #expect(CustomVeil(["core.party": []]).isNone)
        #expect(CustomVeil.none.isNone)
    }

    @Test func `the database's form is read whole or not at all`() {
        #expect(CustomVeil(json: ["hs.work_order": ["margin"]]) == veil)
        for json: JSONValue in [["hs.work_order": "margin"], ["hs.work_order": ["margin", 1]], ["margin"], nil] {
            #expect(CustomVeil(json: json) == nil, "\(json)")
        }
    }
}
