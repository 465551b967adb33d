/// The C functions that act on the whole process, or on the machine around it, and what each is for.
///
/// Plugins that do what plugins are for import none of them: `readelf --dyn-syms` over ours shows `malloc`, `free`,
/// `memcpy`, `memmove`, `memset` and names of the Swift runtime. It is a fence against code that was brought along
/// unread, not a sandbox: a plugin has the host's rights, and can make a system call by an instruction of its own.
/// Functions that only end the process (`exit`, `abort`) aren't here: that is contained like any crash.
enum ProcessFunctions {
    /// What a function does to the process; nil for one that a plugin may import.
    ///
    /// - Parameter name: As it stands in the table of symbols; glibc has second names with underscores before them.
    static func deed(of name: String) -> String? {
        let plain = name.drop { $0 == "_" }
        return deeds[String(plain.hasPrefix("libc_") ? plain.dropFirst(5) : plain)]
    }

    private static let deeds: [String: String] = {
        var deeds: [String: String] = [:]
        for (deed, names) in groups {
            for name in names.split(separator: " ") { deeds[String(name)] = deed }
        }
        return deeds
    }()

    /// Names for glibc 2.36, Linux 6.
    private static let groups: [(deed: String, names: String)] = [
        (
            "starts processes",
            """
            system popen fork vfork Fork clone clone2 clone3 posix_spawn posix_spawnp pidfd_spawn pidfd_spawnp execl \
            execle execlp execv execve execveat execvp execvpe fexecve daemon forkpty wordexp
            """
        ),
        ("loads or looks up code", "dlopen dlmopen dlsym dlvsym dlclose"),
        (
            "reaches the network",
            """
            socket socketpair connect bind listen accept accept4 getaddrinfo gethostbyname gethostbyname2 \
            gethostbyname_r gethostbyaddr res_query res_search rcmd
            """
        ),
        (
            "changes or reads memory past the language",
            """
            mprotect pkey_mprotect ptrace process_vm_readv process_vm_writev memfd_create userfaultfd process_madvise \
            mremap remap_file_pages shm_open shmat
            """
        ),
        (
            "takes the process's signals",
            """
            signal sigaction sigset bsd_signal sysv_signal sigaltstack signalfd sigprocmask pthread_sigmask kill \
            killpg tgkill pthread_kill sigqueue pthread_sigqueue pidfd_send_signal alarm setitimer timer_create
            """
        ),
        (
            "changes what the whole process is",
            """
            setuid seteuid setreuid setresuid setgid setegid setregid setresgid setgroups initgroups capset prctl \
            unshare setns chroot pivot_root mount umount umount2 chdir fchdir umask setenv unsetenv putenv clearenv \
            setrlimit setrlimit64 prlimit prlimit64 setpriority nice sched_setaffinity setsid setpgid dup2 dup3 \
            close_range closefrom atexit on_exit reboot sethostname init_module
            """
        ),
        ("makes system calls by number", "syscall"),
    ]
}
