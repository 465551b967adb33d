import HostPlugins
import Testing

struct ThreadLoadTests {
    private let short = ThreadLoad.Job(age: .milliseconds(5), patience: .seconds(3))
    private let long = ThreadLoad.Job(age: .seconds(4), patience: .seconds(3))
    private let lost = ThreadLoad.Job(age: .seconds(31), patience: .seconds(3))

    @Test func `threads that keep up let any number of calls in`() {
        #expect(load(waiting: 40, oldest: .milliseconds(99), calls: 4_000).admits)
    }

    @Test func `threads that don't keep up let in what leaves the others their connections`() {
        #expect(load(waiting: 1, oldest: .milliseconds(100), calls: ThreadLoad.sluggishCallsMax - 1).admits)
        #expect(!load(waiting: 1, oldest: .milliseconds(100), calls: ThreadLoad.sluggishCallsMax).admits)
    }

    @Test func `the queue is bounded, however fast it moves`() {
        #expect(load(waiting: ThreadLoad.waitingMax - 1, oldest: .zero).admits)
        #expect(!load(waiting: ThreadLoad.waitingMax, oldest: .zero).admits)
    }

    @Test func `a plugin is stuck when no thread of it comes back`() {
        #expect(load(jobs: [long, long]).stuck == 0)
        #expect(load(jobs: [long, short]).stuck == nil)
        #expect(load(jobs: [nil, long]).stuck == nil)
        #expect(load(jobs: [nil, nil]).stuck == nil)
    }

    @Test func `one thread that is lost for good is enough`() {
        #expect(load(jobs: [nil, lost]).stuck == 1)
    }

    @Test func `a job that its operation may take is never stuck`() {
        let patient = ThreadLoad.Job(age: .seconds(40), patience: .seconds(61))
        #expect(load(jobs: [patient, patient]).stuck == nil)
    }

    private func load(
        waiting: Int = 0, oldest: Duration = .zero, calls: Int = 1, jobs: [ThreadLoad.Job?] = [nil, nil]
    ) -> ThreadLoad {
        ThreadLoad(waiting: waiting, oldest: oldest, calls: calls, jobs: jobs)
    }
}
