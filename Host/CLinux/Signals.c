#define _GNU_SOURCE
#include "CLinuxSignals.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

int thorbis_signal_descriptor(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGIO);
    // An unblocked SIGIO ends the process, so blocking comes first.
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int thorbis_signal_this_thread(int socket) {
    // F_OWNER_TID: the thread alone gets the signal, so no other thread needs to block it.
    struct f_owner_ex owner = {.type = F_OWNER_TID, .pid = (pid_t)syscall(SYS_gettid)};
    if (fcntl(socket, F_SETOWN_EX, &owner) != 0) return -1;
    int flags = fcntl(socket, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(socket, F_SETFL, flags | O_ASYNC | O_NONBLOCK);
}

void thorbis_signal_nobody(int socket) {
    int flags = fcntl(socket, F_GETFL);
    if (flags >= 0) (void)fcntl(socket, F_SETFL, flags & ~O_ASYNC);
}
