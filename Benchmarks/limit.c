/*
 * What PostgreSQL does when nothing stands before it: one thread that keeps the host's own unit in flight on a few
 * connections in libpq's pipeline mode. `script/bench load` compiles it and compares the host with it.
 *
 * limit CONNINFO SECONDS CONNECTIONS DEPTH RECORDS < two lines: the tenant's statement and the measured one
 *
 * A unit is both statements before one Sync, so one implicit transaction, as the host sends it; DEPTH of them are in
 * flight on each connection. Where the measured statement has $1, it is a random number up to RECORDS. Prints units a
 * second. Anything that PostgreSQL refuses ends the program with 1.
 */
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { connections_max = 64, line_max = 65536 };

static int records, has_number;
static long done;

static void fail(PGconn *connection, const char *what) {
    fprintf(stderr, "limit: %s: %s", what, PQerrorMessage(connection));
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void prepare(PGconn *connection, const char *name, const char *text) {
    PGresult *result = PQprepare(connection, name, text, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(connection, name);
    PQclear(result);
}

static PGconn *connect_to(const char *address, char statements[2][line_max]) {
    PGconn *connection = PQconnectdb(address);
    if (PQstatus(connection) != CONNECTION_OK) fail(connection, "connecting");
    prepare(connection, "tenant", statements[0]);
    prepare(connection, "measured", statements[1]);
    if (!PQenterPipelineMode(connection) || PQsetnonblocking(connection, 1)) fail(connection, "pipeline mode");
    return connection;
}

static void send_unit(PGconn *connection) {
    char number[16];
    const char *values[1] = {number};
    snprintf(number, sizeof number, "%d", rand() % records + 1);
    if (!PQsendQueryPrepared(connection, "tenant", 0, NULL, NULL, NULL, 0) ||
        !PQsendQueryPrepared(connection, "measured", has_number, values, NULL, NULL, 0) ||
        !PQpipelineSync(connection) || PQflush(connection) < 0)
        fail(connection, "sending");
}

/* Takes what has come; each Sync that is answered is a unit that is over, and the next one goes out. */
static void receive(PGconn *connection) {
    int is_separated = 0;
    if (!PQconsumeInput(connection)) fail(connection, "receiving");
    while (!PQisBusy(connection)) {
        PGresult *result = PQgetResult(connection);
        if (!result) {
            /* One NULL ends each command's results; a second one means that nothing more is there. */
            if (is_separated) return;
            is_separated = 1;
            continue;
        }
        is_separated = 0;
        switch (PQresultStatus(result)) {
        case PGRES_PIPELINE_SYNC:
            done++;
            send_unit(connection);
            break;
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK: break;
        default: fail(connection, "a statement");
        }
        PQclear(result);
    }
}

static double run(PGconn **all, int count, double seconds) {
    struct pollfd watched[connections_max];
    double start = now();
    done = 0;
    while (now() < start + seconds) {
        for (int i = 0; i < count; i++) {
            int unsent = PQflush(all[i]);
            watched[i] = (struct pollfd){.fd = PQsocket(all[i]), .events = POLLIN | (unsent ? POLLOUT : 0)};
        }
        if (poll(watched, count, 1000) < 0 && errno != EINTR) exit(1);
        for (int i = 0; i < count; i++)
            if (watched[i].revents) receive(all[i]);
    }
    return done / (now() - start);
}

int main(int count, char **arguments) {
    static char statements[2][line_max];
    PGconn *all[connections_max];
    int connections, depth;
    if (count != 6 || !fgets(statements[0], line_max, stdin) || !fgets(statements[1], line_max, stdin)) {
        fprintf(stderr, "usage: limit CONNINFO SECONDS CONNECTIONS DEPTH RECORDS < statements\n");
        return 2;
    }
    connections = atoi(arguments[3]), depth = atoi(arguments[4]), records = atoi(arguments[5]);
    if (connections < 1 || connections > connections_max || depth < 1 || records < 1) return 2;
    has_number = strstr(statements[1], "$1") != NULL;
    srand(7);
    for (int i = 0; i < connections; i++) all[i] = connect_to(arguments[1], statements);
    for (int i = 0; i < connections; i++)
        for (int n = 0; n < depth; n++) send_unit(all[i]);
    printf("%.0f\n", run(all, connections, atof(arguments[2])));
    return 0;
}
