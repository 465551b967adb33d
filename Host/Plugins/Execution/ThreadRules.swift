/// What is made of a plugin's threads at one moment: pure decisions.
package struct ThreadLoad: Hashable, Sendable {
    /// A job that a thread has been running for a while.
    package struct Job: Hashable, Sendable {
        package let age: Duration
        /// What its operation may take for a single job.
        package let patience: Duration

        package init(age: Duration, patience: Duration) {
            self.age = age
            self.patience = patience
        }

        package var isOverdue: Bool { age > patience }
    }

    /// Jobs that wait for a thread.
    package var waiting: Int
    /// How long the oldest of them has been waiting.
    package var oldest: Duration
    /// Calls that were let in and haven't ended.
    package var calls: Int
    /// One for each thread; nil for one between two jobs.
    package var jobs: [Job?]

    package init(waiting: Int, oldest: Duration, calls: Int, jobs: [Job?]) {
        self.waiting = waiting
        self.oldest = oldest
        self.calls = calls
        self.jobs = jobs
    }
}

extension ThreadLoad {
    /// Jobs that may wait in all; each holds a request.
    package static let waitingMax = 512
    /// From here on the threads don't keep up.
    package static let sluggishAfter: Duration = .milliseconds(100)
    /// Calls of a plugin whose threads don't keep up: each holds one of the database's connections for transactions,
    /// eight by default, and other plugins need the rest.
    package static let sluggishCallsMax = 4
    /// A call that no thread has begun by then gives its connection back.
    package static let untakenAfter: Duration = .milliseconds(500)
    /// When one thread of several is lost, and with it a processor.
    package static let lostAfter: Duration = .seconds(30)

    /// Whether another call is let in.
    package var admits: Bool {
        guard waiting < Self.waitingMax else { return false }
        return oldest < Self.sluggishAfter || calls < Self.sluggishCallsMax
    }

    /// The thread that shows that this plugin is stuck, nil as long as it isn't: every thread is eaten by a job beyond
    /// its patience, or one of them for very long.
    package var stuck: Int? {
        if let lost = jobs.firstIndex(where: { $0.map { $0.isOverdue && $0.age > Self.lostAfter } ?? false }) {
            return lost
        }
        return jobs.allSatisfy { $0?.isOverdue ?? false } ? jobs.indices.first : nil
    }
}
