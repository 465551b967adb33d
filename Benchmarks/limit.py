"""What PostgreSQL itself does for the host's unit: pgbench, pgbench with pipelining, and a minimal libpq client."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from server import ROOT

RECORDS = 1000
# The host's on two event loops: short reads share one connection of each loop, writes have four for themselves.
SHARED_CONNECTIONS = 2
EXCLUSIVE_CONNECTIONS = 8
WAYS = ("pgbench", "pipelined", "libpq")


@dataclass
class Unit:
    """A statement of the host in a business's transaction; `:n` in it is a random number up to RECORDS."""

    business: str
    statement: str
    # Whether the host gives it a connection for itself, as it does for writes.
    is_exclusive: bool = False

    def setting(self):
        """What the host sends before it: a read says that it is one."""
        read_only = "" if self.is_exclusive else ", set_config('transaction_read_only', 'on', true)"
        return f"select set_config('thorbis.business_id', '{self.business}', true){read_only}"

    def script(self, is_pipelined):
        """Four statements for pgbench, with or without waiting for each."""
        lines = ["begin;", self.setting() + ";", self.statement, "commit;"]
        if is_pipelined:
            lines = ["\\startpipeline"] + lines + ["\\endpipeline"]
        return "\n".join([f"\\set n random(1, {RECORDS})"] + lines)


def measure(server, way, unit, seconds, clients):
    """Units a second in one of WAYS."""
    if way == "libpq":
        return client(server, unit, seconds, clients)
    return pgbench(server, unit.script(way == "pipelined"), seconds, clients)


def pgbench(server, script, seconds, clients):
    """Transactions a second of a script, with statements prepared once per connection."""
    path = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench"))[-1]
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        result = subprocess.run(
            [path, "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(seconds), "-f", file.name,
             server.address("app")], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"pgbench: {result.stderr}")
    return float(re.search(r"tps = ([\d.]+) \(without", result.stdout).group(1))


def client(server, unit, seconds, clients):
    """Units a second of limit.c over as many connections as the host uses, with `clients` units in flight."""
    connections = EXCLUSIVE_CONNECTIONS if unit.is_exclusive else SHARED_CONNECTIONS
    depth = 1 if unit.is_exclusive else max(1, clients // connections)
    statements = [unit.setting(), re.sub(r":n\b", "$1", unit.statement.replace("\n", " ").rstrip("; "))]
    result = subprocess.run(
        [compiled("limit.c", "pq"), server.address("app"), str(seconds), str(connections), str(depth), str(RECORDS)],
        input="\n".join(statements) + "\n", capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{result.stderr}")
    return float(result.stdout)


def compiled(source, *libraries):
    """A C program of this folder, compiled when it is newer than its binary."""
    path = ROOT / "Benchmarks" / source
    binary = ROOT / ".build/bench" / path.stem
    if not binary.exists() or binary.stat().st_mtime < path.stat().st_mtime:
        compiler = shutil.which("cc") or shutil.which("clang")
        if not compiler:
            sys.exit(f"{source} needs a C compiler: cc, or the clang of the Swift toolchain")
        binary.parent.mkdir(exist_ok=True)
        subprocess.run(
            [compiler, "-D_GNU_SOURCE", "-O2", "-Wall", "-Werror", "-I/usr/include/postgresql", "-o", binary, path]
            + [f"-l{library}" for library in libraries], check=True)
    return binary
