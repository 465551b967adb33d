#define _GNU_SOURCE
#include "CLinuxMemfd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static int write_all(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return -1;
        bytes += written;
        count -= (size_t)written;
    }
    return 0;
}

int thorbis_sealed_memfd(const char *name, const void *bytes, size_t count) {
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return -1;
    // F_SEAL_SEAL as well: nobody can add or question the seals later.
    int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (write_all(fd, bytes, count) == 0 && fcntl(fd, F_ADD_SEALS, seals) == 0) return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

int thorbis_shared_memfd(const char *name, size_t count) {
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return -1;
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (ftruncate(fd, (off_t)count) == 0 && fcntl(fd, F_ADD_SEALS, seals) == 0) return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}
