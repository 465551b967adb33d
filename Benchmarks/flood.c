/*
 * An open load: requests come at their own times, whether or not those before them were answered, as they do from
 * many clients. `script/bench overload` compiles it. wrk can't do that: it asks the next one when it has an answer.
 *
 * flood ADDRESS PORT SECONDS RATE CONNECTIONS < three lines: "METHOD PATH", the token, the body (or an empty line)
 *
 * In path and body %r is the id of one of 1,000 records in hexadecimal and %n a number that is counted up. A request
 * takes a connection that is free; where none is, it is counted as unsent. Times are from the moment a request was due
 * to the last byte of its answer. Prints one line of JSON.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { head_max = 4096, request_max = 8192, events_max = 512, connections_max = 8192, answers_max = 8 << 20 };

struct connection {
    int socket, is_busy, head_length, has_head, status, has_retry;
    long body_left;
    double due;
    char head[head_max];
};

static struct connection all[connections_max];
static int free_places[connections_max], free_count, poller;
static struct sockaddr_in server;
static char line[3][request_max];
static float *served, *refused;
static long served_count, refused_count, without_retry, broken, unsent, sent, statuses[600];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void open_at(int place) {
    int on = 1, handle = socket(AF_INET, SOCK_STREAM, 0);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = place};
    if (handle < 0 || connect(handle, (struct sockaddr *)&server, sizeof server)) {
        perror("flood: connect");
        exit(1);
    }
    setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(handle, F_SETFL, O_NONBLOCK);
    all[place] = (struct connection){.socket = handle};
    epoll_ctl(poller, EPOLL_CTL_ADD, handle, &event);
    free_places[free_count++] = place;
}

/* Replaces %r and %n; the result is at most request_max bytes. */
static int fill(char *into, const char *form, int record, long number) {
    int length = 0;
    for (; *form && length < request_max - 64; form++) {
        if (form[0] == '%' && (form[1] == 'r' || form[1] == 'n'))
            length += *++form == 'r' ? sprintf(into + length, "00000000-0000-7000-8000-%012x", record)
                                     : sprintf(into + length, "%ld", number);
        else
            into[length++] = *form;
    }
    into[length] = 0;
    return length;
}

static void send_one(double due) {
    static char start[request_max], body[request_max], request[3 * request_max];
    struct connection *connection;
    int record = rand() % 1000 + 1, length;
    if (free_count == 0) {
        unsent++;
        return;
    }
    connection = &all[free_places[--free_count]];
    fill(start, line[0], record, sent);
    length = fill(body, line[2], record, sent);
    length = snprintf(request, sizeof request,
        "%s HTTP/1.1\r\nHost: flood\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
        "Content-Length: %d\r\n\r\n%s", start, line[1], length, body);
    connection->is_busy = 1, connection->due = due;
    connection->head_length = connection->has_head = connection->has_retry = 0;
    sent++;
    if (write(connection->socket, request, length) != length) {
        broken++;
        epoll_ctl(poller, EPOLL_CTL_DEL, connection->socket, NULL);
        close(connection->socket);
        open_at(connection - all);
    }
}

static void finish(struct connection *connection, int place) {
    float time = (now() - connection->due) * 1e3;
    int is_served = connection->status >= 200 && connection->status < 300;
    if (connection->status < 600) statuses[connection->status]++;
    if (is_served && served_count < answers_max) served[served_count++] = time;
    if (!is_served && refused_count < answers_max) refused[refused_count++] = time;
    if (!is_served && !connection->has_retry) without_retry++;
    connection->is_busy = 0;
    free_places[free_count++] = place;
}

static void take_head(struct connection *connection, const char *bytes, int count, int *used) {
    char *end, *field;
    int before = connection->head_length;
    int room = head_max - 1 - before, taken = count < room ? count : room;
    memcpy(connection->head + before, bytes, taken);
    connection->head[before + taken] = 0;
    connection->head_length += taken, *used = taken;
    if (!(end = strstr(connection->head, "\r\n\r\n"))) return;
    *used = (int)(end + 4 - connection->head) - before;
    connection->has_head = 1;
    connection->status = atoi(connection->head + 9);
    connection->has_retry = strcasestr(connection->head, "\r\nRetry-After:") != NULL;
    field = strcasestr(connection->head, "\r\nContent-Length:");
    connection->body_left = field ? atol(field + 17) : 0;
}

static void receive(int place) {
    static char bytes[1 << 16];
    struct connection *connection = &all[place];
    for (;;) {
        int used = 0, count = read(connection->socket, bytes, sizeof bytes);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) {
            broken += connection->is_busy;
            for (int i = 0; !connection->is_busy && i < free_count; i++)
                if (free_places[i] == place) free_places[i] = free_places[--free_count];
            close(connection->socket);
            return open_at(place);
        }
        if (!connection->has_head) take_head(connection, bytes, count, &used);
        connection->body_left -= connection->has_head ? count - used : 0;
        if (connection->has_head && connection->body_left <= 0 && connection->is_busy) finish(connection, place);
    }
}

static void run(double seconds, double rate) {
    struct epoll_event events[events_max];
    double start = now(), due = start;
    while (now() < start + seconds) {
        int count = epoll_wait(poller, events, events_max, 1);
        for (int i = 0; i < count; i++) receive(events[i].data.u32);
        for (double time = now(); due <= time; due += 1 / rate) send_one(due);
    }
    /* What is under way may still be answered. */
    for (double end = now() + 2; now() < end && served_count + refused_count + broken < sent;) {
        int count = epoll_wait(poller, events, events_max, 10);
        for (int i = 0; i < count; i++) receive(events[i].data.u32);
    }
}

static int ascending(const void *left, const void *right) {
    float difference = *(const float *)left - *(const float *)right;
    return (difference > 0) - (difference < 0);
}

static double at(const float *times, long count, double share) {
    return count ? times[(long)((count - 1) * share)] : 0;
}

int main(int count, char **arguments) {
    struct rlimit files = {connections_max + 64, connections_max + 64};
    int connections;
    for (int i = 0; i < 3; i++) {
        if (count != 6 || !fgets(line[i], request_max, stdin)) {
            fprintf(stderr, "usage: flood ADDRESS PORT SECONDS RATE CONNECTIONS < method and path, token, body\n");
            return 2;
        }
        line[i][strcspn(line[i], "\n")] = 0;
    }
    connections = atoi(arguments[5]);
    if (connections < 1 || connections > connections_max) return 2;
    setrlimit(RLIMIT_NOFILE, &files);
    served = malloc(answers_max * sizeof *served), refused = malloc(answers_max * sizeof *refused);
    server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(atoi(arguments[2]))};
    inet_pton(AF_INET, arguments[1], &server.sin_addr);
    poller = epoll_create1(0);
    for (int i = 0; i < connections; i++) open_at(i);
    run(atof(arguments[3]), atof(arguments[4]));
    qsort(served, served_count, sizeof *served, ascending);
    qsort(refused, refused_count, sizeof *refused, ascending);
    printf("{\"sent\": %ld, \"unsent\": %ld, \"broken\": %ld, \"unanswered\": %ld, \"served\": %ld, \"p50\": %.2f, "
           "\"p99\": %.2f, \"refused\": %ld, \"refused_p99\": %.2f, \"without_retry\": %ld, \"statuses\": {",
        sent, unsent, broken, sent - served_count - refused_count - broken, served_count,
        at(served, served_count, 0.5), at(served, served_count, 0.99), refused_count,
        at(refused, refused_count, 0.99), without_retry);
    for (int i = 0, is_first = 1; i < 600; i++)
        if (statuses[i]) printf("%s\"%d\": %ld", is_first ? "" : ", ", i, statuses[i]), is_first = 0;
    printf("}}\n");
    return 0;
}
