/// Why a change of a schema is refused. The raw value is the stable id that `thorbis plugin explain` takes.
package enum MigrationRule: String, Hashable, Sendable, CaseIterable {
    case unknownSchema = "TD2001"
    case typeChange = "TD2002"
    case ambiguousField = "TD2003"
    case ambiguousEntity = "TD2004"
    case requiredField = "TD2005"
    case narrowedValue = "TD2006"
    case strandedStatus = "TD2007"
    case brokenCheck = "TD2008"
    case duplicateValue = "TD2009"
    case largeRewrite = "TD2010"
    case otherKey = "TD2011"
    case brokenInvariant = "TD2012"

    package struct Explanation: Hashable, Sendable {
        package let why: String
        package let example: String
        package let fix: String
    }

    package var explanation: Explanation {
        switch self {
        case .unknownSchema:
            Explanation(
                why: "The tables were made by a release that kept no description of them, from another manifest.",
                example: "a database of the former release, and a manifest that was edited since",
                fix: "Run `thorbis db migrate` once with the manifest of then, afterwards with the new one.")
        case .typeChange:
            Explanation(
                why: "Values of one type can't be read as another without somebody deciding how.",
                example: "total: {type: text, max: 20}   # was {type: money}",
                fix: "Add a field of the new type under a new name, fill it by an operation, remove the old one later.")
        case .ambiguousField:
            Explanation(
                why: "One field is gone and one of the same type is new: kept values or an empty column?",
                example: "remark: {type: text, max: 200}   # and `note` is gone",
                fix: "Write `was: note` to keep the values, or remove `note` in one migration and add the other next.")
        case .ambiguousEntity:
            Explanation(
                why: "One entity is gone and one that looks like it is new: kept records or an empty table?",
                example: "client: {…}   # and `customer`, with the same fields, is gone",
                fix: "Write `was: customer` to keep the records, or remove it in one migration and add the other next.")
        case .requiredField:
            Explanation(
                why: "Records that are there have no value for it, and statements that run now give none.",
                example: "colour: {type: text, max: 20, required: true}   # new on an entity with records",
                fix: "Give it a default, or leave `required` out.")
        case .narrowedValue:
            Explanation(
                why: "Records hold values that the manifest doesn't allow any more; nobody could write them back.",
                example: "priority: {type: enum, values: [low, high]}   # `normal` is gone and in use",
                fix: "Change those records first, with the manifest of before, or allow the values.")
        case .strandedStatus:
            Explanation(
                why: "Records are in a status that the manifest doesn't have, or gives no way out of, any more.",
                example: "transitions without one from: [on_hold], and orders on hold",
                fix: "Move those records on first, with the manifest of before, or keep a transition from there.")
        case .brokenCheck:
            Explanation(
                why: "A new rule must hold for the records that are there too.",
                example:
                    "checks: [{id: window, expr: \"ends_at > starts_at\"}]   # and one record ends before it starts",
                fix: "Correct those records, or leave the rule out. Nothing was changed.")
        case .duplicateValue:
            Explanation(
                why: "What becomes unique isn't: two records of one business have the same values.",
                example: "unique: [[party, number]]   # and a party has a number twice",
                fix: "Correct those records, or leave `unique` out. Nothing was changed.")
        case .largeRewrite:
            Explanation(
                why: "The change holds the table until all of it is written anew, and the table is large.",
                example: "exclude: […]   # on an entity with millions of records",
                fix: "Make the change in a maintenance window with `thorbis db migrate --rewrite`.")
        case .otherKey:
            Explanation(
                why: "The primary key and the reference to the business are what everything else hangs on.",
                example: "a host that makes tables with another primary key",
                fix: "Use the release of the host that made the tables.")
        case .brokenInvariant:
            Explanation(
                why: "What the manifest says always holds doesn't hold for the data that is there.",
                example: "invariants: {order_total: \"select …\"}   # and an order's lines add up to something else",
                fix: "Correct that data with the version of before, or take it on as it is with "
                    + "`thorbis db migrate --accept-broken-invariants`.")
        }
    }
}
