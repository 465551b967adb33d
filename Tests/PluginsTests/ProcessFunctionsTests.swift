import Testing

// What a library imports is no other room's business, so it isn't package API.
@testable import HostPlugins

struct ProcessFunctionsTests {
    @Test(arguments: [
        "system", "fork", "vfork", "_Fork", "__vfork", "execve", "posix_spawn", "posix_spawnp", "popen", "clone3",
        "dlopen", "dlmopen", "dlsym", "__libc_dlopen", "socket", "connect", "getaddrinfo", "ptrace",
        "mprotect", "process_vm_writev", "sigaction", "__sigaction", "kill", "setuid", "prctl", "setenv", "chdir",
        "syscall",
    ])
    func `a function that acts on the whole process is known, under its other names too`(name: String) {
        #expect(ProcessFunctions.deed(of: name) != nil)
    }

    @Test(arguments: [
        "malloc", "free", "memcpy", "memmove", "memset", "strlen", "qsort", "swift_retain", "swift_task_alloc",
        "__cxa_finalize", "__gmon_start__", "$ss5print_9separator10terminatoryypd_S2StF", "exit", "abort", "sleep",
        "systemd", "fork_count", "", "_", "___", "libc_", "pow", "clock_gettime", "pthread_mutex_lock",
    ])
    func `what honest code imports isn't`(name: String) {
        #expect(ProcessFunctions.deed(of: name) == nil)
    }

    @Test(arguments: LinkageTests.plugins)
    func `our own plugins import none`(name: String) throws {
        let imports = try ELFSymbols(ELFFile(try BuildFolder.bytes(name))).imports
        #expect(imports.filter { ProcessFunctions.deed(of: $0) != nil } == [])
    }
}
