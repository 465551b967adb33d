#define _GNU_SOURCE
#include "CLinuxChild.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Only async-signal-safe calls: the parent has other threads, and only this one exists in the child.
static void become(const thorbis_child *child, pid_t parent) {
    sigset_t none;
    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) != 0) return;
    if (setsid() < 0) return;
    int empty = open("/dev/null", O_RDONLY);
    if (empty < 0 || dup2(empty, 0) < 0 || dup2(child->log, 1) < 0 || dup2(child->log, 2) < 0) return;
    if (child->changes_user) {
        if (setgroups(0, NULL) != 0 || setgid(child->group) != 0 || setuid(child->user) != 0) return;
    }
    // After the change of user, which clears it. A parent that died before this line is noticed by getppid.
    if (prctl(PR_SET_PDEATHSIG, child->death_signal) != 0 || getppid() != parent) return;
    // Nothing else of ours may stay open in there, such as a listening socket.
    (void)syscall(SYS_close_range, 3, ~0U, 0);
    if (chdir(child->folder) != 0) return;
    execve(child->path, (char *const *)child->arguments, (char *const *)child->environment);
}

pid_t thorbis_child_start(const thorbis_child *child) {
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid != 0) return pid;
    become(child, parent);
    _exit(127);
}
