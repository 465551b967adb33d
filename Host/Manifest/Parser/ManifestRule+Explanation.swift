/// Why a rule is there, what breaks it, and what to do: the text of `thorbis plugin explain`.
package struct RuleExplanation: Hashable, Sendable {
    package let why: String
    /// YAML that the rule refuses.
    package let example: String
    package let fix: String
}

// A table; tests see to it that no two rules share a text.
extension ManifestRule {
    package var explanation: RuleExplanation {
        switch self {
        case .syntax:
            RuleExplanation(
                why: "The file must be YAML 1.2 before anything else can be said about it.",
                example: "roles: {owner: [}",
                fix: "Correct the YAML at the place given; check brackets and indentation.")
        case .duplicateKey:
            RuleExplanation(
                why: "Of two equal keys one would silently win, and readers would disagree on which.",
                example: "fields:\n  name: {type: text, max: 9}\n  name: {type: email}",
                fix: "Remove or rename one of them.")
        case .unknownKey:
            RuleExplanation(
                why: "A misspelt key that is ignored is a rule that isn't applied.",
                example: "name: {type: text, max: 9, requird: true}",
                fix: "Use the suggested key, or begin your own with `x-`.")
        case .anchor:
            RuleExplanation(
                why:
                    "Anchors, aliases and tags hide what a manifest says, and nested aliases grow without bound.",
                example: "party: &party {type: ref, to: core.party}",
                fix: "Write the value out.")
        case .missingKey:
            RuleExplanation(
                why: "The host doesn't guess what a plugin means.",
                example: "work_order: {fields: {}}",
                fix: "Add the key.")
        case .shape:
            RuleExplanation(
                why: "The value isn't of the kind that belongs here.",
                example: "sorts: created_at",
                fix: "Write a map, list, text, integer or truth value, as the message says.")
        case .unquotedVersion:
            RuleExplanation(
                why: "YAML reads 1.10 as the number 1.1.",
                example: "version: 1.0",
                fix: "Put the version in quotes.")
        case .version:
            RuleExplanation(
                why: "Versions are compared, so they have one form, and a range pins the major.",
                example: "pluginAPI: \">=1.0\"",
                fix: "Write `1.0.0` for a version and `>=1.0 <2.0` for a range.")
        case .notSupported:
            RuleExplanation(
                why:
                    "The contract has the word, but this host can't do it, and ignoring it would break a promise.",
                example: "jobs: {}",
                fix: "Leave it out until a host supports it.")
        case .name:
            RuleExplanation(
                why: "Names become tables, columns, routes and Swift names, which have one form.",
                example: "workOrder: {route: work-orders}",
                fix: "Use the form that the message says.")
        case .reservedName:
            RuleExplanation(
                why: "The name belongs to the platform, to a column that every table has, or to generated code.",
                example: "created_at: {type: timestamp}",
                fix: "Choose another name.")
        case .unknownWord:
            RuleExplanation(
                why: "The value isn't one of those that may stand here.",
                example: "name: {type: txt}",
                fix: "Use one of the known words.")
        case .bounds:
            RuleExplanation(
                why: "A range without values, or one beyond what every JSON reader keeps exactly.",
                example: "count: {type: int, min: 5, max: 1}",
                fix: "Set min <= max within the limits that the message says.")
        case .defaultValue:
            RuleExplanation(
                why: "A default that the field would refuse can't be stored.",
                example: "unit: {type: enum, values: [each], default: hour}",
                fix: "Give a default that the field takes, or none.")
        case .unknownEntity:
            RuleExplanation(
                why: "The name must be an entity of this manifest.",
                example: "output: workorder",
                fix: "Use the suggested name, or declare the entity.")
        case .unknownField:
            RuleExplanation(
                why: "Indexes, sorts, checks and payloads name fields that exist.",
                example: "indexes: [[statsu]]",
                fix: "Use the suggested name.")
        case .unknownFeature:
            RuleExplanation(
                why: "What isn't declared under `features` has no tier.",
                example: "feature: dispach",
                fix: "Use the suggested name, or declare the feature.")
        case .unknownOperation:
            RuleExplanation(
                why: "A transition or subscription that names no operation could never run.",
                example: "complete: {from: [open], to: done, operation: complet}",
                fix: "Use the suggested name, or declare the operation.")
        case .unknownEvent:
            RuleExplanation(
                why: "Subscribers rely on the events under `publishes`.",
                example: "emits: work_order.complete",
                fix: "Use the suggested name, or declare the event.")
        case .transition:
            RuleExplanation(
                why: "A status that nothing leads to is a way that can never be taken.",
                example: "start: {from: [planed], to: started}",
                fix: "Correct the status, or add the transition that leads to it.")
        case .check:
            RuleExplanation(
                why: "Checks become constraints of the database, which compare like with like.",
                example: "{id: window, expr: \"ends_at > name\"}",
                fix: "Compare numbers, texts, timestamps or dates with their like; join with `and`, `or`, `not`.")
        case .route:
            RuleExplanation(
                why: "Two things on one route, or a path that the host can't route.",
                example: "route: POST work-orders",
                fix: "Choose another path.")
        case .permission:
            RuleExplanation(
                why: "Permissions are `entity.verb` of this plugin, and everything reached over HTTP needs one.",
                example: "permission: hs.work_order.complete",
                fix: "Leave out the plugin; name an entity or mount and a verb of it.")
        case .duplicateName:
            RuleExplanation(
                why: "Two parts with one name can't be told apart.",
                example: "values: [low, low]",
                fix: "Rename one of them.")
        case .sequence:
            RuleExplanation(
                why: "The host gives gap-free numbers, so nobody else may write them.",
                example: "number: {type: sequence, prefix: WO-}",
                fix: "Add `readOnly: true`, and a prefix of capitals, digits and hyphens.")
        case .keyNotForType:
            RuleExplanation(
                why: "The key means nothing for this type of field.",
                example: "active: {type: bool, max: 3}",
                fix: "Remove the key, or choose another type.")
        case .unwritableField:
            RuleExplanation(
                why: "A record that needs a value which no body may give can't be created.",
                example: "total: {type: money, required: true, readOnly: true}",
                fix: "Give a default, or let operations create the records.")
        case .nameTooLong:
            RuleExplanation(
                why: "PostgreSQL cuts names at 63 bytes, and a cut name can't be mapped back to its fields.",
                example: "unique: [[a_very_long_name, another_very_long_name]]",
                fix: "Use shorter names.")
        case .inputOfGet:
            RuleExplanation(
                why: "A GET has no body, so an input beside the path's `id` could never be sent.",
                example: "route: GET /tickets/count\n  input: {status: {type: text, max: 9}}",
                fix: "Take the input out, or make the route a POST.")
        case .sensitive:
            RuleExplanation(
                why: "A sensitive value is encrypted in the database, which can neither compare nor find nor index it.",
                example: "pin: {type: text, max: 9, sensitive: true, unique: true}",
                fix:
                    "Keep texts, addresses and json sensitive, without a default, search, unique, sort, index or check."
            )
        case .exclude:
            RuleExplanation(
                why: "A span has a start and an end of one kind, and what it is about can be compared for equality.",
                example: "{id: no_overlap, resource: room, during: [starts_at, seats]}",
                fix: "Name a period, two timestamps or two dates, and references, numbers or texts as `resource`.")
        case .lines:
            RuleExplanation(
                why: "Lines that are written with their document have its rights, its version and its end.",
                example: "parent: {entity: order, member: lines, max: 50}",
                fix: "Say `written: with_parent`; numbers go into a read-only `position`, statuses on the document.")
        case .formerName:
            RuleExplanation(
                why: "`was` tells the migration which table or column is meant; it must name one thing that is gone.",
                example: "fields:\n  email: {type: email}\n  mail: {type: email, was: email}",
                fix: "Name what it was called before, once, on an entity or on a field of an entity.")
        case .jsonShape:
            RuleExplanation(
                why: "A word of JSON Schema that isn't checked would promise what the host doesn't hold.",
                example: "size: {type: json, schema: {type: object, minProperties: 1}}",
                fix: "Use the words that docs/PLUGINS.md lists, each with the type that it belongs to.")
        case .invariant:
            RuleExplanation(
                why: "An invariant reads the data of one business; it may change nothing and call nothing else.",
                example: "invariants: {none: \"select set_config('thorbis.business_id', '…', true)\"}",
                fix: "Write one SELECT over your tables, with common functions, that gives the rows that are wrong.")
        case .duplicatePlugin:
            RuleExplanation(
                why: "Schema, routes and permissions begin with the plugin's id.",
                example: "two files with `id: core`",
                fix: "Install one of them.")
        case .missingPlugin:
            RuleExplanation(
                why: "A plugin can't run without those that it requires.",
                example: "requires: {stock: \">=1.0 <2.0\"}",
                fix: "Install the required plugin.")
        case .versionOutOfRange:
            RuleExplanation(
                why: "The plugin was made for other versions of the one that it requires.",
                example: "requires: {core: \">=2.0 <3.0\"}",
                fix: "Install a version in the range.")
        case .requirementCycle:
            RuleExplanation(
                why: "Each plugin is loaded after the ones it requires, which has no end in a circle.",
                example: "a requires b, b requires a",
                fix: "Take one requirement out; an event can go the other way.")
        case .undeclaredRequirement:
            RuleExplanation(
                why: "What a plugin uses of another one must be there before it.",
                example: "party: {type: ref, to: core.party}",
                fix: "Add the plugin to `requires`.")
        case .foreignEntity:
            RuleExplanation(
                why: "The required plugin has no such entity in this version.",
                example: "party: {type: ref, to: core.partie}",
                fix: "Use the suggested name.")
        case .foreignField:
            RuleExplanation(
                why: "A mount shows the records whose enum field has a value.",
                example: "where: {roles: custmer}",
                fix: "Name an enum field of the entity and one of its values.")
        case .foreignEvent:
            RuleExplanation(
                why: "The required plugin publishes no such event.",
                example: "core.invoice.payed: markPaid",
                fix: "Use the suggested name.")
        case .subscriptionInput:
            RuleExplanation(
                why: "An event's payload is the operation's input, so the fields must agree.",
                example: "core.invoice.paid: markPaid, without `invoice` in its input",
                fix: "Give the operation exactly the fields of the payload.")
        case .eventWithoutOperation:
            RuleExplanation(
                why:
                    "Subscribers run with the operation that publishes; the host's own routes run no plugin code.",
                example: "subscribes: {ticket.closed: notify}, where `close` has no `operation`",
                fix: "Let an operation apply the transition: `operation: closeTicket`.")
        }
    }
}
