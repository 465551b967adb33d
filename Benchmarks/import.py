"""Imports a large file through the real binary: `script/bench import`.

Tells rows a second, how much the host's memory grows, and how much processor time a row takes of the host and of
PostgreSQL, which other work on the machine changes less.
"""

import argparse
import datetime
import json
import subprocess
import time

from processes import Meter, megabytes
from server import BUILD, Server, scratch_folder


def write(path, size):
    """Ten columns, about 200 bytes a row."""
    header = "kind,display_name,first_name,last_name,email,phone,roles,tax_exempt,notes,external_id\n"
    count = 0
    with open(path, "w", encoding="utf-8") as file:
        written = file.write(header)
        while written < size:
            count += 1
            written += file.write(
                f'person,"Customer {count}, of somewhere",Ann,Lovelace{count},customer{count}@example.com,'
                f"+1415{count % 10_000_000:07},customer;contact,no,"
                f'"some words about this customer, with a comma and a few more words of text so that it is long",X{count}\n')
    return count


def seconds(job):
    """What the import took on the server."""
    started, finished = (datetime.datetime.fromisoformat(job[f"{end}_at"]) for end in ("started", "finished"))
    return (finished - started).total_seconds()


def measure(server, business, path):
    # The first tier imports small files only.
    server.command("business", "tier", business.id, "professional")
    host = server.groups()["host"]
    before = peak = megabytes(host)
    meter = Meter(server.groups)
    start = time.monotonic()
    command = subprocess.Popen(
        [BUILD / "thorbis", "import", path, "--to", "core.party", "--url", server.url, "--token", business.token(),
         "--format", "json"], stdout=subprocess.PIPE, text=True)
    while command.poll() is None:
        peak = max(peak, megabytes(host))
        time.sleep(0.1)
    whole = time.monotonic() - start
    job = json.loads(command.stdout.read())["import"]
    rows = job["rows_created"]
    print(f"status {job['status']}, created {rows}, failed {job['rows_failed']}")
    print(f"whole command {whole:.1f} s; server side {seconds(job):.1f} s: {rows / seconds(job):.0f} rows/s")
    # Seconds per thousand are milliseconds each.
    spent = {name: cost * 1000 for name, cost in meter.per_thousand(rows).items()}
    print(f"processor time a row: host {spent['host']:.0f} µs, PostgreSQL {spent['database']:.0f} µs")
    print(f"host memory {before:.0f} MB before, {peak:.0f} MB at most: grew by {peak - before:.0f} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200, help="size of the file")
    options = parser.parse_args()
    with scratch_folder() as folder:
        path = folder / "parties.csv"
        rows = write(path, options.megabytes * 1_000_000)
        print(f"{rows} rows, {path.stat().st_size / 1e6:.0f} MB")
        read = subprocess.run(
            [BUILD / "thorbis", "import", path, "--read-through"], capture_output=True, text=True, check=True)
        print("reader alone:", read.stdout.strip())
        server = Server(folder / "data")
        try:
            measure(server, server.sign_up("import"), path)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
