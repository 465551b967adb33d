#ifndef THORBIS_CLINUX_CRASH_H
#define THORBIS_CLINUX_CRASH_H
// What a dying process says of itself: signal(7), sigaltstack(2), dl_iterate_phdr(3), process_vm_readv(2).
#include <stddef.h>
#include <stdint.h>

#define THORBIS_CRASH_MAGIC 0x3152435342524854ULL
#define THORBIS_CRASH_FRAMES 32
/// No module, or no operation.
#define THORBIS_CRASH_NONE 0xffffffffU

/// A place in a loaded file; without a module the offset is the address itself.
typedef struct {
    uint32_t module;
    uint32_t reserved;
    uint64_t offset;
} thorbis_crash_frame;

enum {
    THORBIS_CRASH_SIGNAL = 1,
    /// The process ended itself, by exit(3).
    THORBIS_CRASH_EXIT = 2,
    /// The process goes on; one of its threads doesn't.
    THORBIS_CRASH_STUCK = 3,
};

/// Stands at the start of the crash file, in the byte order of the machine; all zero as long as nothing happened.
typedef struct {
    uint64_t magic;
    uint32_t kind;
    int32_t signal;
    /// `si_code` of the signal, or the exit code.
    int32_t code;
    int32_t thread;
    uint64_t seconds;
    uint64_t fault;
    /// The mark of the thread; 0 for none.
    uint32_t generation;
    uint32_t operation;
    /// The plugin's module that a word of the stack points into, and how many words do.
    uint32_t suspect;
    uint32_t hits;
    /// The first is where the thread was, the next ones are who called.
    uint32_t frame_count;
    uint32_t reserved;
    thorbis_crash_frame frames[THORBIS_CRASH_FRAMES];
} thorbis_crash_record;

/// From now on a fatal signal writes its record to the start of `file`, which stays open for the life of the process,
/// and then does what it did before. Gives the calling thread an alternate stack. Returns -1 with errno on failure.
int thorbis_crash_begin(int file);

/// Takes note of files that were loaded since the last call, and returns how many text segments are known. Not at once
/// from several threads.
int thorbis_crash_modules(void);

/// The file of a text segment: empty for the executable. Lives as long as the process.
const char *thorbis_crash_module(int number);

/// What the calling thread works on from now on: `generation` 0 for nothing of a plugin.
void thorbis_crash_mark(uint32_t generation, uint32_t operation);

/// Gives the calling thread an alternate stack, unless it has one, so that it can say that its stack is full. The
/// stack is kept for the life of the process: for threads that live as long.
void thorbis_crash_alternate_stack(void);

/// Starts a detached thread with an alternate stack. `name` has at most 15 bytes. Returns an error number, 0 for none.
int thorbis_crash_thread(void (*body)(void *), void *context, const char *name);

/// The number of the calling thread, for thorbis_crash_stuck.
int thorbis_crash_this_thread(void);

/// Makes a thread write a record of kind STUCK, with its mark and its stack; it goes on then. Gives it a second.
/// Returns -1 when nothing came.
int thorbis_crash_stuck(int thread);
#endif
