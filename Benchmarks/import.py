#!/usr/bin/env python3
"""Imports a large file through the real binary: rows a second, how much the host's memory grows, and how much
processor time a row takes of the host and of PostgreSQL, which other work on the machine changes less.

Usage: import.py BINARY_FOLDER MEGABYTES. Called by script/bench-import.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

folder, megabytes = sys.argv[1], int(sys.argv[2])
thorbis = os.path.join(folder, "thorbis")
work = tempfile.mkdtemp(prefix="thorbis-import-")
environment = dict(
    os.environ, THORBIS_PORT="0", THORBIS_HOSTS="1", THORBIS_DATA=os.path.join(work, "data"),
    THORBIS_RATE_LIMITS="false",
    THORBIS_REQUEST_LOG="false", THORBIS_PASSWORD_COST="10", THORBIS_PLUGINS=folder)


def write(path):
    """Ten columns, about 200 bytes a row."""
    header = "kind,display_name,first_name,last_name,email,phone,roles,tax_exempt,notes,external_id\n"
    size = count = 0
    with open(path, "w", encoding="utf-8") as file:
        size += file.write(header)
        while size < megabytes * 1_000_000:
            count += 1
            size += file.write(
                f'person,"Customer {count}, of somewhere",Ann,Lovelace{count},customer{count}@example.com,'
                f"+1415{count % 10_000_000:07},customer;contact,no,"
                f'"some words about this customer, with a comma and a few more words of text so that it is long",X{count}\n')
    return count


def resident(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


def child_of(parent, word):
    """The child process of the server whose command line has that word."""
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/status") as file:
                if f"PPid:\t{parent}\n" not in file.read():
                    continue
            with open(f"/proc/{entry}/cmdline") as file:
                if word in file.read():
                    return int(entry)
        except FileNotFoundError:
            continue


TICKS = os.sysconf("SC_CLK_TCK")


def spent(pid):
    """Processor seconds of a process and of its children that have ended."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def spent_by(server):
    """Processor seconds of a process and of its children."""
    with open(f"/proc/{server}/task/{server}/children") as file:
        return spent(server) + sum(spent(int(child)) for child in file.read().split())


def call(base, path, body=None, token=None):
    request = urllib.request.Request(base + path, data=json.dumps(body).encode() if body is not None else None)
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    return json.load(urllib.request.urlopen(request, timeout=30))


path = os.path.join(work, "parties.csv")
rows = write(path)
print(f"{rows} rows, {os.path.getsize(path) / 1e6:.0f} MB")
print("reader alone:", subprocess.run(
    [thorbis, "import", path, "--read-through"], capture_output=True, text=True).stdout.strip())

server = subprocess.Popen(
    [thorbis, "up", "--until-input-ends"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    stderr=open(os.path.join(work, "log"), "w"), text=True)
base = next(line.split()[1] for line in server.stdout if line.startswith("ready "))
threading.Thread(target=server.stdout.read, daemon=True).start()
firm = call(base, "/api/public/v1/businesses", {
    "name": "Import", "owner": {"name": "Ann", "email": "ann@example.com", "password": "a long enough pass phrase"},
})
token = firm["access_token"]
# The first tier imports small files only.
subprocess.run(
    [thorbis, "business", "tier", firm["business"]["id"], "professional"], env=environment, check=True,
    stdout=subprocess.DEVNULL)
host, database = child_of(server.pid, "serve"), child_of(server.pid, "postgres")
before = peak = resident(host)
host_before, database_before = spent(host), spent_by(database)

start = time.time()
command = subprocess.Popen(
    [thorbis, "import", path, "--to", "core.party", "--url", base, "--token", token, "--format", "json"],
    stdout=subprocess.PIPE, text=True)
while command.poll() is None:
    peak = max(peak, resident(host))
    time.sleep(0.1)
whole = time.time() - start
job = json.loads(command.stdout.read())["import"]
parse = lambda text: datetime.datetime.fromisoformat(text).timestamp()
running = parse(job["finished_at"]) - parse(job["started_at"])
print(f"status {job['status']}, created {job['rows_created']}, failed {job['rows_failed']}")
print(f"whole command {whole:.1f} s; server side {running:.1f} s: {job['rows_created'] / running:.0f} rows/s")
microseconds = 1e6 / max(job["rows_created"], 1)
print(
    f"processor time a row: host {(spent(host) - host_before) * microseconds:.0f} µs, PostgreSQL "
    f"{(spent_by(database) - database_before) * microseconds:.0f} µs")
print(f"host memory {before:.0f} MB before, {peak:.0f} MB at most: grew by {peak - before:.0f} MB")
server.stdin.close()
server.wait(30)
os.remove(path)
