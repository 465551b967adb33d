/// Runs everything of one operation of one generation on its plugin's threads: the handler, its child tasks, what
/// follows a suspension.
///
/// Work that a plugin detaches from its call runs elsewhere, as the language has it.
final class CallExecutor: TaskExecutor {
    /// Not the ``PluginThreads`` that own it: the queue drops executors under its lock, and they may be the last ones
    /// that hold what they refer to.
    private let queue: JobQueue
    let mark: WorkMark
    /// How long a single job of it may run: longer than the operation's time limit, by what a busy machine needs.
    let patience: Duration

    init(queue: JobQueue, mark: WorkMark, patience: Duration) {
        self.queue = queue
        self.mark = mark
        self.patience = patience
    }

    func enqueue(_ job: consuming ExecutorJob) {
        queue.add(UnownedJob(job), of: self)
    }
}
