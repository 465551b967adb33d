"""The host beside what one would otherwise take: `script/bench peers`.

FastAPI with asyncpg on uvicorn (uvloop, two processes) does the same work on the same database: token, permission,
row-level security, the host's own SQL, the same JSON. A bare Hummingbird route answers a constant. All take turns.
"""

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
import venv

import dataset
from dataset import CUSTOMERS
from processes import Meter, descendants, megabytes
from server import ROOT, Server, scratch_folder, turn_options, wrk

PEERS = ROOT / "Benchmarks/peers"
WORKERS = 2
START_SECONDS_MAX = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Peer:
    """A process that answers on a port of its own."""

    def __init__(self, command, port, environment, ready_path, headers=None):
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(command, cwd=PEERS, env=environment, stdout=subprocess.DEVNULL)
        ending = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < ending:
            with contextlib.suppress(OSError):
                request = urllib.request.Request(self.url + ready_path, headers=headers or {})
                with urllib.request.urlopen(request):
                    return
            time.sleep(0.1)
        self.stop()
        sys.exit(f"{command[0]} did not answer within {START_SECONDS_MAX} s")

    def processes(self):
        return descendants(self.process.pid)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


def python():
    """The interpreter of an environment with the peer's packages, made once."""
    folder = ROOT / ".build/bench-peers"
    interpreter = folder / "bin/python3"
    stamp = folder / "requirements.txt"
    wanted = (PEERS / "requirements.txt").read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([interpreter, "-m", "pip", "install", "-q", "-r", PEERS / "requirements.txt"], check=True)
        stamp.write_text(wanted)
    return interpreter


def fastapi(server, token):
    with urllib.request.urlopen(server.url + "/.well-known/jwks.json") as answer:
        keys = answer.read().decode()
    statements = {
        "read": dataset.statement("hs/customers.read"),
        "list": dataset.statement("hs/customers.list.-created_at.first"),
        "create": dataset.statement("hs/customers.create"),
    }
    environment = dict(
        os.environ, DATABASE=server.address("app"), JWKS=keys, STATEMENTS=json.dumps(statements))
    port = free_port()
    command = [
        python(), "-m", "uvicorn", "fastapi_peer:app", "--port", str(port), "--workers", str(WORKERS), "--loop",
        "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "error"]
    return Peer(command, port, environment, "/customers?limit=1", {"Authorization": f"Bearer {token}"})


def hummingbird():
    folder = PEERS / "constant"
    subprocess.run(
        ["swift", "build", "-c", "release", "--package-path", folder], check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    return Peer([folder / ".build/release/Peer", str(port)], port, dict(os.environ), "/constant")


def sides(server, token):
    """What is compared: a profile, its ways to ask, and who answers."""
    host = server.groups()["host"]
    python_peer = fastapi(server, token)
    swift_peer = hummingbird()
    python_processes, swift_processes = python_peer.processes(), swift_peer.processes()
    return (python_peer, swift_peer), [
        ("read one", [
            ("host", server, CUSTOMERS, "read.lua", host),
            ("FastAPI", python_peer, "/customers", "read.lua", python_processes)]),
        ("list 20", [
            ("host", server, CUSTOMERS + "?limit=20", "get.lua", host),
            ("FastAPI", python_peer, "/customers?limit=20", "get.lua", python_processes)]),
        ("create", [
            ("host", server, CUSTOMERS, "create.lua", host),
            ("FastAPI", python_peer, "/customers", "create.lua", python_processes)]),
        ("constant", [
            ("host", server, "/healthz", "get.lua", host),
            ("Hummingbird", swift_peer, "/constant", "get.lua", swift_processes)]),
    ]


def measure(profile, ways, token, options):
    runs = {name: [] for name, *_ in ways}
    for turn in range(options.turns + 1):
        for name, asked, path, script, processes in ways:
            # The first turn warms up.
            seconds = options.seconds if turn else 2
            meter = Meter(lambda: {name: processes})
            run = wrk(asked, path, script, seconds, options.connections, token, {"RECORDS": path})
            run["cost"] = meter.per_thousand(run["requests"])[name]
            if turn:
                runs[name].append(run)
    figures = {}
    for name, _, _, _, processes in ways:
        figures[name] = {
            key: statistics.median(run[key] for run in runs[name]) for key in ("rate", "p50", "p99", "cost")}
        figures[name]["failed"] = sum(run["failed"] for run in runs[name])
        figures[name]["megabytes"] = megabytes(processes)
    peer = ways[1][0]
    for name, row in figures.items():
        ratio = f"{figures['host']['rate'] / figures[peer]['rate']:6.1f}" if name == "host" else f"{'':6}"
        print(
            f"{profile:10} {name:12} {row['rate']:9.0f} {ratio} {row['p50']:8.2f} {row['p99']:8.2f} {row['cost']:8.3f} "
            f"{row['megabytes']:7.0f} {row['failed']:6d}", flush=True)
    return figures


def main():
    parser = turn_options(__doc__, seconds=6)
    options = parser.parse_args()
    with scratch_folder() as folder:
        server = Server(folder / "data")
        peers = ()
        try:
            business = server.sign_up("plumbing")
            dataset.fill(server, business.id)
            peers, profiles = sides(server, business.token())
            print(
                f"{'profile':10} {'who':12} {'req/s':>9} {'ratio':>6} {'p50 ms':>8} {'p99 ms':>8} {'cpu s/k':>8} "
                f"{'MB':>7} {'failed':>6}")
            results = {name: measure(name, ways, business.token(), options) for name, ways in profiles}
        finally:
            for peer in peers:
                peer.stop()
            server.stop()
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
