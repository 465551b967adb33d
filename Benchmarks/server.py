"""A server of the release build for benchmarks, and what asks it."""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

from processes import descendants, is_database, is_host

ROOT = pathlib.Path(__file__).resolve().parent.parent
# `THORBIS_BENCH_BUILD=debug` tries a suite out without a release build; its figures mean nothing.
BUILD = ROOT / ".build" / os.environ.get("THORBIS_BENCH_BUILD", "release")


@contextlib.contextmanager
def scratch_folder():
    """A folder for the data of one run."""
    with tempfile.TemporaryDirectory(prefix="thorbis-bench-") as folder:
        # PostgreSQL's user has to pass through when we are root.
        os.chmod(folder, 0o711)
        yield pathlib.Path(folder)


def turn_options(description, seconds):
    """The options of a suite whose sides take turns; `seconds` is the length of a turn unless one is given."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seconds", type=int, default=seconds, help="length of each turn")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--json", type=pathlib.Path, help="where to write the figures")
    return parser


class Server:
    """`thorbis up` of the release build with a data folder of its own.

    Passwords are cheap unless a suite measures them, so that it can sign hundreds of businesses up.
    """

    def __init__(self, folder, password_cost=10, has_limits=False):
        folder.mkdir()
        self.folder, self.password_cost, self.has_limits = folder, password_cost, has_limits
        self.log = open(folder.parent / f"{folder.name}.log", "w+")
        self.start()

    def start(self, **settings):
        # One host unless asked for more: its memory and its share of the processors are then those of a host. Reads
        # come from the database unless a suite is about the cache.
        environment = dict(
            {"THORBIS_HOSTS": "1", "THORBIS_READ_CACHE_MB": "0"} | os.environ, THORBIS_PORT="0",
            THORBIS_DATA=str(self.folder), THORBIS_RATE_LIMITS=str(self.has_limits).lower(),
            THORBIS_REQUEST_LOG="false", THORBIS_PASSWORD_COST=str(self.password_cost), **settings)
        self.process = subprocess.Popen(
            [BUILD / "thorbis", "up", "--until-input-ends"], cwd=ROOT, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True)
        for line in self.process.stdout:
            if line.startswith("ready "):
                self.url = line.split()[1]
                return
        sys.exit(f"the server did not start; see {self.log.name}")

    def post(self, path, body):
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def sign_up(self, name):
        """A new business: its id and a credential to sign in with."""
        owner = {"name": "Bea Bench", "email": f"{name}@bench.example", "password": "a long enough pass phrase"}
        answer = self.post("/api/public/v1/businesses", {"name": name, "industry": "hs", "owner": owner})
        return Business(self, answer["business"]["id"], owner["email"], owner["password"])

    def run_sql(self, statements):
        """Runs statements as the superuser, one transaction each."""
        subprocess.run(
            ["psql", "-q", "-v", "ON_ERROR_STOP=1", self.address("superuser")], input=statements, text=True, check=True)

    def command(self, *arguments):
        """What an operator's command prints."""
        environment = dict(os.environ, THORBIS_DATA=str(self.folder))
        return subprocess.run(
            [BUILD / "thorbis", *arguments], cwd=ROOT, env=environment, check=True, capture_output=True,
            text=True).stdout.strip()

    def address(self, role):
        return self.command("db", "url", "--role", role)

    def groups(self):
        """Whose time counts for what. Connections come and go, and each is a process of the database."""
        processes = descendants(self.process.pid)
        return {
            "host": [process for process in processes if is_host(process)],
            "database": [process for process in processes if is_database(process)],
        }

    def restart(self, **settings):
        """The same data under other settings, on another port."""
        self.stop()
        self.start(**settings)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)


class Business:
    """A business that signed up, and its owner."""

    def __init__(self, server, identity, email, password):
        self.server, self.id, self.email, self.password = server, identity, email, password

    def token(self):
        """A new access token; one is good for 15 minutes."""
        answer = self.server.post("/api/public/v1/sessions", {"email": self.email, "password": self.password})
        return answer["access_token"]

    def client(self):
        return Client(self.server, self.token())


class Client:
    """One keep-alive connection with a credential."""

    def __init__(self, server, token):
        address = urllib.parse.urlsplit(server.url)
        self.connection = http.client.HTTPConnection(address.hostname, address.port)
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path):
        """The bytes of an answer; anything but 200 ends the benchmark."""
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f"GET {path}: {answer.status} {body[:500].decode(errors='replace')}")
        return body


def wrk(server, path, script, seconds, connections, token, variables=None):
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", f"Benchmarks/{script}", server.url + path], cwd=ROOT,
        env=dict(os.environ, TOKEN=token, **(variables or {})), capture_output=True, text=True, check=True).stdout
    return json.loads(output.strip().splitlines()[-1])
