package import HostManifest
package import HostModel
import NIOHTTP1

/// The OpenAPI 3.1 document of a route table. Pure; made once per snapshot.
package enum OpenAPIDocument {
    package static func make(_ routes: [Route], _ set: ManifestSet, version: String) -> JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Thorbis Business OS", "version": .string(version),
                "description": "Businesses, and what their plugins add. Errors are RFC 9457 problem documents.",
                "license": ["name": "Proprietary"],
            ],
            "servers": [["url": "/"]],
            "tags": .array(tags(routes, set)),
            "paths": .object(paths(routes)),
            "components": [
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"]
                ],
                "schemas": .object(schemas(set)),
                "responses": ["Problem": PathItem.problemResponse],
                "headers": .object(PlatformSchemas.headers),
            ],
        ]
    }

    private static func tags(_ routes: [Route], _ set: ManifestSet) -> [JSONValue] {
        let plugins: [JSONValue] = set.manifests.map {
            ["name": .string($0.id.description), "description": .string("\($0.name) \($0.version)")]
        }
        return [["name": "platform", "description": "Accounts, sessions and the host itself."]] + plugins
    }

    private static func paths(_ routes: [Route]) -> JSONObject {
        var paths = JSONObject()
        for route in routes {
            var item = paths[route.pattern]?.object ?? PathItem.start(route)
            item[route.method.rawValue.lowercased()] = PathItem.operation(route)
            paths[route.pattern] = .object(item)
        }
        return paths
    }

    private static func schemas(_ set: ManifestSet) -> JSONObject {
        var schemas = PlatformSchemas.all
        for (name, schema) in ImportSchemas.all.members { schemas[name] = schema }
        for manifest in set.manifests {
            for entity in manifest.entities {
                for (name, schema) in EntitySchemas(entity, of: manifest).all() { schemas[name] = schema }
            }
        }
        return schemas
    }
}
