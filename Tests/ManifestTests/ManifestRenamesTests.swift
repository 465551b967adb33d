import HostManifest
import Testing

/// What the statements of an earlier manifest can't find any more.
struct ManifestRenamesTests {
    private func manifest(_ entities: String) throws -> Manifest {
        try ManifestParser.parse(
            yaml: """
                apiVersion: thorbis.dev/v1
                id: shop
                name: Shop
                version: 1.0.0
                pluginAPI: ">=1.0 <2.0"
                entities: {\(entities)}
                """, file: "shop.yaml", digest: String(repeating: "0", count: 64))
    }

    private func thing(_ fields: String, _ more: String = "") throws -> Manifest {
        try manifest("thing: {route: things\(more), fields: {\(fields)}}")
    }

    @Test func `a field that bears another name is one, and only the first time`() throws {
        let before = try thing("title: {type: text, max: 9}")
        let after = try thing("name: {type: text, max: 9, was: title}")
        #expect(after.renames(since: before) == ["thing.title to name"])
        #expect(after.renames(since: after) == [], "`was` may stay")
        #expect(before.renames(since: after) == [], "the way back is no rename of the database")
    }

    @Test func `a new field or entity, and one that is gone, are none`() throws {
        let before = try thing("title: {type: text, max: 9}")
        #expect(try thing("title: {type: text, max: 9}, note: {type: text, max: 9}").renames(since: before) == [])
        #expect(try thing("note: {type: text, max: 9}").renames(since: before) == [])
        let more = try manifest(
            "thing: {route: things, fields: {title: {type: text, max: 9}}}, "
                + "shelf: {route: shelves, fields: {title: {type: text, max: 9}}}")
        #expect(more.renames(since: before) == [])
    }

    @Test func `an entity that bears another name is one, with its fields`() throws {
        let before = try thing("title: {type: text, max: 9}")
        let after = try manifest("item: {route: things, was: thing, fields: {name: {type: text, max: 9, was: title}}}")
        #expect(after.renames(since: before) == ["item.title to name", "thing to item"])
    }
}
