#define _GNU_SOURCE
#include "CLinuxSpawn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int listen_at(const struct addrinfo *address, int backlog) {
    int socket_ = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
    if (socket_ < 0) return -1;
    int one = 1;
    // A port whose last connections are still in TIME_WAIT can be taken at once.
    if (setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
        bind(socket_, address->ai_addr, address->ai_addrlen) == 0 && listen(socket_, backlog) == 0) {
        return socket_;
    }
    int reason = errno;
    close(socket_);
    errno = reason;
    return -1;
}

int thorbis_listen(const char *host, const char *port, int backlog, const char **reason) {
    struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM, .ai_family = AF_UNSPEC};
    struct addrinfo *addresses = NULL;
    int failed = getaddrinfo(host, port, &hints, &addresses);
    if (failed) {
        *reason = gai_strerror(failed);
        errno = EADDRNOTAVAIL;
        return -1;
    }
    int socket_ = -1;
    for (struct addrinfo *next = addresses; next && socket_ < 0; next = next->ai_next) {
        socket_ = listen_at(next, backlog);
    }
    int failure = errno;
    if (socket_ < 0) *reason = strerrordesc_np(failure);
    freeaddrinfo(addresses);
    errno = failure;
    return socket_;
}

int thorbis_is_listening(int descriptor) {
    int listens = 0, type = 0;
    socklen_t size = sizeof listens;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || !listens) return 0;
    size = sizeof type;
    return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

int thorbis_socket_authority(int descriptor, char *text, size_t bytes) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char host[INET6_ADDRSTRLEN];
    if (getsockname(descriptor, (struct sockaddr *)&address, &size) != 0) return -1;
    if (address.ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)&address;
        if (!inet_ntop(AF_INET, &four->sin_addr, host, sizeof host)) return -1;
        snprintf(text, bytes, "%s:%d", host, ntohs(four->sin_port));
        return 0;
    }
    if (address.ss_family != AF_INET6) return -1;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&address;
    if (!inet_ntop(AF_INET6, &six->sin6_addr, host, sizeof host)) return -1;
    snprintf(text, bytes, "[%s]:%d", host, ntohs(six->sin6_port));
    return 0;
}
