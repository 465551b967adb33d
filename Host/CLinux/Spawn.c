#define _GNU_SOURCE
#include "CLinuxSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

// Copies above all targets, so that no target overwrites a source that is still to come.
static int copy_above(const thorbis_spawn *order, int *copies) {
    for (int n = 0; n < order->descriptor_count; n++) {
        copies[n] = fcntl(order->descriptors[n], F_DUPFD_CLOEXEC, THORBIS_SPAWN_DESCRIPTORS);
        if (copies[n] < 0) return errno;
    }
    return 0;
}

static int describe(const thorbis_spawn *order, const int *copies, posix_spawn_file_actions_t *actions) {
    for (int n = 0; n < order->descriptor_count; n++) {
        int failed = posix_spawn_file_actions_adddup2(actions, copies[n], n);
        if (failed) return failed;
    }
    return posix_spawn_file_actions_addclosefrom_np(actions, order->descriptor_count);
}

static int reset(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setpgroup(attributes, 0);
    return posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

static int start(const thorbis_spawn *order, const int *copies, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed) return failed;
    failed = posix_spawnattr_init(&attributes);
    if (!failed) {
        failed = describe(order, copies, &actions);
        if (!failed) failed = reset(&attributes);
        if (!failed) {
            failed = posix_spawn(
                pid, order->path, &actions, &attributes, (char *const *)order->arguments,
                (char *const *)order->environment);
        }
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

pid_t thorbis_spawn_start(const thorbis_spawn *order) {
    int copies[THORBIS_SPAWN_DESCRIPTORS];
    for (int n = 0; n < THORBIS_SPAWN_DESCRIPTORS; n++) copies[n] = -1;
    if (order->descriptor_count < 0 || order->descriptor_count > THORBIS_SPAWN_DESCRIPTORS) {
        errno = EINVAL;
        return -1;
    }
    pid_t pid = -1;
    int failed = copy_above(order, copies);
    if (!failed) failed = start(order, copies, &pid);
    for (int n = 0; n < order->descriptor_count; n++) {
        if (copies[n] >= 0) close(copies[n]);
    }
    errno = failed;
    return failed ? -1 : pid;
}

int thorbis_pipe(int *reading, int *writing) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    *reading = ends[0];
    *writing = ends[1];
    return 0;
}

int thorbis_process_descriptor(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int thorbis_process_signal(int process, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, process, signal, NULL, 0);
}
