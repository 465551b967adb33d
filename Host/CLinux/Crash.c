#define _GNU_SOURCE
#include "CLinuxCrash.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "CrashModules.h"

_Static_assert(sizeof(thorbis_crash_record) == 576, "HostSupervisor reads the record by these offsets");

// The address of a frame fits in these bits; Swift marks the frames of async functions with one of the others.
#define ADDRESS_BITS 0x00007fffffffffffULL
#define PAGE 4096UL
// How far up the stack is looked for return addresses.
#define SCAN_BYTES (64UL * 1024)
#define STACK_BYTES (64UL * 1024)

static const int fatal[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS};
static int file = -1;
static thorbis_crash_record record;
// The thread that writes the record; others that die meanwhile wait for the end that it brings.
static atomic_int writer;
static atomic_int stuck_answers;

// In the executable's own block, which is there before a thread runs: reading it allocates nothing.
static _Thread_local uint64_t mark __attribute__((tls_model("initial-exec")));

static int stuck_signal(void) { return SIGRTMIN + 6; }

// Reads memory that may not be mapped. Returns 0 unless all of it could be read.
static int peek(uint64_t address, void *into, size_t count) {
    struct iovec here = {into, count}, there = {(void *)(uintptr_t)address, count};
    return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == (ssize_t)count;
}

static void add_frame(uint64_t address) {
    if (record.frame_count >= THORBIS_CRASH_FRAMES || address == 0) return;
    thorbis_crash_frame *frame = &record.frames[record.frame_count++];
    frame->module = thorbis_module_at(address, &frame->offset);
    frame->reserved = 0;
}

// Follows the chain of frame pointers, which Swift keeps on Linux.
static void walk(uint64_t pc, uint64_t frame_pointer, uint64_t stack_pointer) {
    uint64_t offset, words[2];
    add_frame(pc);
    // A jump to nowhere: who jumped has just put its return address on the stack.
    if (thorbis_module_at(pc, &offset) == THORBIS_CRASH_NONE && peek(stack_pointer, words, sizeof words[0])) {
        add_frame(words[0]);
    }
    for (int depth = 0; depth < THORBIS_CRASH_FRAMES; depth++) {
        uint64_t frame = frame_pointer & ADDRESS_BITS;
        if (frame % 8 != 0 || !peek(frame, words, sizeof words)) return;
        add_frame(words[1]);
        if ((words[0] & ADDRESS_BITS) <= frame) return;
        frame_pointer = words[0];
    }
}

// Finds work of a plugin that nobody marked, below functions that keep no frame pointer.
static void scan(uint64_t stack_pointer) {
    static uint64_t words[PAGE / 8];
    uint64_t end = stack_pointer + SCAN_BYTES;
    for (uint64_t page = stack_pointer & ~7ULL; page < end;) {
        uint64_t next = (page & ~(PAGE - 1)) + PAGE;
        if (peek(page, words, next - page)) {
            for (uint64_t index = 0; index < (next - page) / 8; index++) {
                uint32_t module = thorbis_plugin_at(words[index]);
                if (module == THORBIS_CRASH_NONE) continue;
                if (record.hits++ == 0) record.suspect = module;
            }
        }
        page = next;
    }
}

static void registers(void *context, uint64_t *pc, uint64_t *frame_pointer, uint64_t *stack_pointer) {
    const mcontext_t *machine = &((ucontext_t *)context)->uc_mcontext;
#if defined(__x86_64__)
    *pc = (uint64_t)machine->gregs[REG_RIP];
    *frame_pointer = (uint64_t)machine->gregs[REG_RBP];
    *stack_pointer = (uint64_t)machine->gregs[REG_RSP];
#elif defined(__aarch64__)
    *pc = machine->pc;
    *frame_pointer = machine->regs[29];
    *stack_pointer = machine->sp;
#else
#error "the registers of this machine aren't known here"
#endif
}

static void begin_record(uint32_t kind) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    memset(&record, 0, sizeof record);
    record.kind = kind;
    record.thread = (int32_t)syscall(SYS_gettid);
    record.seconds = (uint64_t)now.tv_sec;
    record.generation = (uint32_t)(mark >> 32);
    record.operation = (uint32_t)mark;
    record.suspect = THORBIS_CRASH_NONE;
}

static void end_record(void) {
    record.magic = THORBIS_CRASH_MAGIC;
    // One write, so that a reader finds all of it or nothing. Nobody is left to be told that it failed.
    ssize_t written = pwrite(file, &record, sizeof record, 0);
    (void)written;
}

// Only async-signal-safe calls. Never takes a lock: the thread may hold any.
static void say(uint32_t kind, int number, const siginfo_t *details, void *context) {
    uint64_t pc, frame_pointer, stack_pointer;
    registers(context, &pc, &frame_pointer, &stack_pointer);
    begin_record(kind);
    record.signal = kind == THORBIS_CRASH_SIGNAL ? number : 0;
    record.code = kind == THORBIS_CRASH_SIGNAL ? details->si_code : 0;
    record.fault = kind == THORBIS_CRASH_SIGNAL ? (uint64_t)(uintptr_t)details->si_addr : 0;
    walk(pc, frame_pointer, stack_pointer);
    scan(stack_pointer);
    end_record();
}

static void on_fatal(int number, siginfo_t *details, void *context) {
    int self = (int)syscall(SYS_gettid), nobody = 0;
    if (atomic_compare_exchange_strong(&writer, &nobody, self)) {
        say(THORBIS_CRASH_SIGNAL, number, details, context);
    } else if (nobody != self) {
        for (;;) pause();
    }
    // The signal's own effect: pending until this returns, and then with the default action.
    signal(number, SIG_DFL);
    syscall(SYS_tgkill, getpid(), self, number);
}

static void on_stuck(int number, siginfo_t *details, void *context) {
    int self = (int)syscall(SYS_gettid), nobody = 0, reason = errno;
    if (atomic_compare_exchange_strong(&writer, &nobody, self)) {
        say(THORBIS_CRASH_STUCK, number, details, context);
        // A thread that dies from here on writes its own over it.
        atomic_store(&writer, 0);
        atomic_fetch_add(&stuck_answers, 1);
    }
    errno = reason;
}

// A plugin that calls exit(3); the host's own end has no mark.
static void on_end(int code, void *unused) {
    int nobody = 0;
    (void)unused;
    if (mark == 0 || !atomic_compare_exchange_strong(&writer, &nobody, (int)syscall(SYS_gettid))) return;
    begin_record(THORBIS_CRASH_EXIT);
    record.code = code;
    end_record();
}

int thorbis_crash_begin(int crash_file) {
    file = crash_file;
    thorbis_crash_modules();
    thorbis_crash_alternate_stack();
    struct sigaction action = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigfillset(&action.sa_mask);
    for (size_t index = 0; index < sizeof fatal / sizeof *fatal; index++) {
        // A second fault inside the handler ends the process at once, as it should.
        sigdelset(&action.sa_mask, fatal[index]);
    }
    for (size_t index = 0; index < sizeof fatal / sizeof *fatal; index++) {
        if (sigaction(fatal[index], &action, NULL) != 0) return -1;
    }
    action.sa_sigaction = on_stuck;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    if (sigaction(stuck_signal(), &action, NULL) != 0) return -1;
    return on_exit(on_end, NULL) == 0 ? 0 : -1;
}

void thorbis_crash_mark(uint32_t generation, uint32_t operation) {
    mark = (uint64_t)generation << 32 | operation;
}

void thorbis_crash_alternate_stack(void) {
    stack_t before, stack = {.ss_size = STACK_BYTES};
    if (sigaltstack(NULL, &before) != 0 || !(before.ss_flags & SS_DISABLE)) return;
    stack.ss_sp = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack.ss_sp == MAP_FAILED) return;
    if (sigaltstack(&stack, NULL) != 0) munmap(stack.ss_sp, STACK_BYTES);
}

typedef struct {
    void (*body)(void *);
    void *context;
    char name[16];
} thread_start;

// A thread begins with the mask of the one that made it, and those of libdispatch block everything.
static void unblock(void) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < sizeof fatal / sizeof *fatal; index++) sigaddset(&set, fatal[index]);
    sigaddset(&set, stuck_signal());
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void *run(void *argument) {
    thread_start start = *(thread_start *)argument;
    free(argument);
    unblock();
    thorbis_crash_alternate_stack();
    pthread_setname_np(pthread_self(), start.name);
    start.body(start.context);
    return NULL;
}

int thorbis_crash_thread(void (*body)(void *), void *context, const char *name) {
    thread_start *start = calloc(1, sizeof *start);
    if (start == NULL) return ENOMEM;
    start->body = body;
    start->context = context;
    strncpy(start->name, name, sizeof start->name - 1);
    pthread_t thread;
    int failure = pthread_create(&thread, NULL, run, start);
    if (failure != 0) {
        free(start);
        return failure;
    }
    return pthread_detach(thread);
}

int thorbis_crash_this_thread(void) { return (int)syscall(SYS_gettid); }

int thorbis_crash_stuck(int thread) {
    const struct timespec moment = {.tv_nsec = 5000000};
    int before = atomic_load(&stuck_answers);
    if (file < 0 || syscall(SYS_tgkill, getpid(), thread, stuck_signal()) != 0) return -1;
    for (int turn = 0; turn < 200; turn++) {
        if (atomic_load(&stuck_answers) != before) return 0;
        nanosleep(&moment, NULL);
    }
    return -1;
}
