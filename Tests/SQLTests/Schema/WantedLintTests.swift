import HostManifest
import HostModel
import HostSQL
import Testing

/// The rules of schemas, held against what manifests ask for before any of it is made.
struct WantedLintTests {
    private static let entities = """
          item:
            route: items
            feature: shop
            fields:
              name: {type: text, required: true, min: 1, max: 100, search: true}
              price_minor: {type: money}
              code: {type: text, max: 20, unique: true}
            sorts: [created_at, name]
            states:
              field: status
              initial: draft
              transitions: {sell: {from: [draft], to: sold}}
        roles: {owner: {"*": business}}
        """

    @Test func `what the manifests of this repository ask for has nothing wrong`() throws {
        #expect(WantedLint.findings(try Manifests.committed()) == [])
        #expect(WantedLint.findings(try Manifests.shop(Self.entities)) == [])
    }

    @Test(arguments: ["{type: text, max: 20}", "{type: rate}", "{type: geo}"])
    func `money of another type is found at its line`(type: String) throws {
        let wrong = Self.entities.replacing("price_minor: {type: money}", with: "price_minor: \(type)")
        let findings = WantedLint.findings(try Manifests.shop(wrong))
        #expect(findings.map(\.rule) == [.inexactMoney])
        #expect(findings.map(\.place) == ["shop.yaml:14:7"])
        #expect(findings[0].description.hasPrefix("shop.yaml:14:7: TD1009: shop.item.price_minor: it is "))
    }

    /// What is changed in the canonical form of the wanted model, and the rule that it breaks.
    static let museum: [(LintRule, String, String)] = [
        (.unsecuredTable, #""secured":true"#, #""secured":false"#),
        (.missingPolicy, "AS RESTRICTIVE FOR ALL", "AS RESTRICTIVE FOR SELECT"),
        (.missingPolicy, " WITH CHECK (", " CHECK ("),
        (.keyNotLedByBusiness, #"UNIQUE (business_id, \"code\")"#, #"UNIQUE (\"code\")"#),
        (.keyNotLedByBusiness, "PRIMARY KEY (business_id, id)", "PRIMARY KEY (id)"),
        (.keyNotLedByBusiness, "(business_id, external_id) WHERE", "(external_id) WHERE"),
        (.definerFunction, "SECURITY INVOKER", "SECURITY DEFINER"),
        (.sortWithoutIndex, #"(business_id, \"name\", id)"#, #"(business_id, \"name\")"#),
        (.sortWithoutIndex, #"(business_id, \"name\", id)"#, #"(business_id, \"name\", id) WHERE \"code\" = 'x'"#),
        (.deadIndex, "WHERE external_id IS NOT NULL", #"WHERE \"archived_at\" IS NOT NULL"#),
        (.inexactMoney, #""price_minor","type":"bigint""#, #""price_minor","type":"numeric""#),
        (.freeStatus, #""name":"item_status_step""#, #""name":"item_status_other""#),
        (.tableWithoutBusiness, #""name":"business_id""#, #""name":"company_id""#),
        (.unkeptWords, #""name":"item_words_step""#, #""name":"item_words_other""#),
    ]

    @Test(arguments: museum) func `a model that breaks a rule is found`(
        rule: LintRule, text: String, broken: String
    ) throws {
        let set = try Manifests.shop(Self.entities)
        let manifest = try #require(set.manifests.first)
        let model = SchemaModel(manifest, in: set).json.text
        #expect(model.contains(text), "\(model)")
        let changed = model.replacing(text, with: broken)
        let read = try #require(SchemaModel(json: try JSONParser.parse(Array(changed.utf8))))
        let findings = SchemaLint(CatalogueFacts([read]), manifests: set).findings
        #expect(findings.contains { $0.rule == rule && $0.object.hasPrefix("shop.") }, "\(findings)")
    }

    @Test func `every rule is judged of wanted schemas, or says that only a live one can break it`() {
        let wanted = Set(Self.museum.map(\.0))
        #expect(wanted == Set(LintRule.allCases.filter { !$0.isOfLiveSchemas }))
    }
}
