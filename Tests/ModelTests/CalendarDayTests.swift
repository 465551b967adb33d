import HostModel
import Testing

struct CalendarDayTests {
    /// The calendar repeats every 400 years; these hold the epoch and a whole turn.
    @Test func `every day follows the one before`() throws {
        let first = try #require(CalendarDay(year: 1_800, month: 1, day: 1))
        let last = try #require(CalendarDay(year: 2_200, month: 12, day: 31))
        var before = first
        for days in (first.daysSinceEpoch + 1)...last.daysSinceEpoch {
            let day = try #require(CalendarDay(daysSinceEpoch: days))
            let isNext =
                if day.day > 1 {
                    day.year == before.year && day.month == before.month && day.day == before.day + 1
                } else if day.month > 1 {
                    day.year == before.year && day.month == before.month + 1 && before.day >= 28
                } else {
                    day.year == before.year + 1 && before.month == 12 && before.day == 31
                }
            guard isNext, day.daysSinceEpoch == days else {
                Issue.record("\(day) follows \(before)")
                return
            }
            before = day
        }
        #expect(before == last)
    }

    @Test(arguments: [(2_000, true), (2_024, true), (1_900, false), (2_100, false), (2_026, false), (4, true)])
    func `29 February is a day of leap years`(year: Int, isLeap: Bool) {
        #expect((CalendarDay(year: year, month: 2, day: 29) != nil) == isLeap)
    }

    @Test func `the first day outside the calendar is none`() throws {
        let first = try #require(CalendarDay(year: 1, month: 1, day: 1))
        let last = try #require(CalendarDay(year: 9_999, month: 12, day: 31))
        #expect(CalendarDay(daysSinceEpoch: first.daysSinceEpoch - 1) == nil)
        #expect(CalendarDay(daysSinceEpoch: last.daysSinceEpoch + 1) == nil)
    }

    @Test(arguments: ["2026-1-01", "2026/01/01", "26-01-01", "2026-01-01 ", "2026-01-00", "2026-01-32", "0000-01-01"])
    func `a day of another form is refused`(text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test func `a day prints as it is read`() {
        #expect(CalendarDay("0987-06-05")?.description == "0987-06-05")
    }
}
