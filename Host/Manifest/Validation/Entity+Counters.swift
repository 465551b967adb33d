package import HostModel

extension Field {
    /// The field as a PATCH sees it: a counter can't be set.
    var unlessCounter: Field {
        guard isCounter else { return self }
        return Field(
            name: name, type: type, isRequired: isRequired, defaultValue: defaultValue, isReadOnly: true,
            isUnique: isUnique, isSearched: isSearched, isSensitive: isSensitive, isCounter: true)
    }
}

extension Entity {
    /// Why steps can't be added to a record's counters: `counter_out_of_range` with the field, the bound that the first
    /// of them would break and how far it can go. Nil when they can be.
    ///
    /// - Parameters:
    ///   - steps: By field name.
    ///   - record: The record's JSON, as GET shows it.
    package func counterRefusal(adding steps: [String: Int64], toRecord record: [UInt8]) -> Problem? {
        guard let object = (try? JSONParser.parse(record))?.object else { return nil }
        let values = Dictionary(object.members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        for counter in counters {
            guard let step = steps[counter.name], let bound = brokenBound(of: counter, adding: steps, to: values) else {
                continue
            }
            let available = Self.largest(upTo: step.magnitude) { size in
                var fewer = steps
                fewer[counter.name] = step < 0 ? -Int64(size) : Int64(size)
                return brokenBound(of: counter, adding: fewer, to: values) == nil
            }
            return Problem(
                .counterOutOfRange, "\(counter.name) can't change by \(step): \(bound.words).",
                members: [
                    "field": .string(counter.name), "bound": .string(bound.name), "available": .int(Int64(available)),
                    "current": values[counter.column] ?? .null,
                ])
        }
        return nil
    }

    private struct BrokenBound {
        /// `min`, `max`, or the id of a check.
        let name: String
        let words: String
    }

    private func brokenBound(
        of counter: Field, adding steps: [String: Int64], to values: [String: JSONValue]
    ) -> BrokenBound? {
        var changed = values
        for other in counters {
            guard let step = steps[other.name] else { continue }
            // Both are within ±2^53, so the sum is within 64 bits.
            changed[other.column] = .int((values[other.column]?.int ?? 0) + step)
        }
        let value = changed[counter.column]?.int ?? 0
        if case .int(let min, let max) = counter.type, let bound = Self.bound(value, min, max) { return bound }
        if case .money(let min, let max) = counter.type, let bound = Self.bound(value, min, max) { return bound }
        if case .quantity(let min, let max) = counter.type, let bound = Self.bound(value, min, max) { return bound }
        let broken = checks.first { check in
            guard check.expression.columns.contains(counter.column) else { return false }
            // An overflow keeps nothing either.
            guard let holds = try? check.expression.holds(for: changed) else { return isOverflow(check, changed) }
            return !holds
        }
        return broken.map { BrokenBound(name: $0.id, words: "the record must keep \($0.expression)") }
    }

    private func isOverflow(_ check: Check, _ values: [String: JSONValue]) -> Bool {
        do throws(ExpressionOverflow) {
            _ = try check.expression.holds(for: values)
            return false
        } catch {
            return true
        }
    }

    private static func bound(_ value: Int64, _ min: Int64, _ max: Int64) -> BrokenBound? {
        if value < min { return BrokenBound(name: "min", words: "it must be at least \(min)") }
        return value > max ? BrokenBound(name: "max", words: "it must be at most \(max)") : nil
    }

    /// The largest number that fits, by halving: what a smaller step breaks, a larger one breaks too.
    private static func largest(upTo limit: UInt64, fits: (UInt64) -> Bool) -> UInt64 {
        guard fits(0) else { return 0 }
        var (low, high) = (UInt64(0), limit)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if fits(middle) { low = middle } else { high = middle }
        }
        return low
    }
}
