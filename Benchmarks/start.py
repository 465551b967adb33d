"""How long `thorbis serve` takes from its start to answering: `script/bench start`.

A migrated database, five plugins: core and hs with their code, three that are manifests alone. The host writes to a
pipe once it serves; the times between come from its log.
"""

import argparse
import datetime
import json
import os
import pathlib
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from server import BUILD, ROOT, Server, scratch_folder

READY_MAX_MS = 300
START_SECONDS_MAX = 60


def manifests(folder):
    """The project's manifests and three of the tests' gallery."""
    folder.mkdir()
    gallery = sorted((ROOT / "Tests/Fixtures/Gallery").glob("*.yaml"))[:3]
    for path in [*(ROOT / "manifests").glob("*.yaml"), *gallery]:
        shutil.copy(path, folder)
    return len(list(folder.glob("*.yaml")))


def start(environment):
    """Milliseconds from the start to serving, and those at which each of its log lines was written."""
    reader, writer = os.pipe()
    log = tempfile.TemporaryFile("w+")
    began = time.time()
    process = subprocess.Popen(
        [BUILD / "thorbis", "serve", "--ready-descriptor", str(writer)], cwd=ROOT, pass_fds=[writer], stderr=log,
        stdout=subprocess.DEVNULL,
        env=environment)
    os.close(writer)
    ready = select.select([reader], [], [], START_SECONDS_MAX)[0] and os.read(reader, 1)
    took = (time.time() - began) * 1e3
    os.close(reader)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    log.seek(0)
    if not ready:
        sys.exit(f"thorbis serve did not start:\n{log.read()}")
    return took, [(milestone(line), at(line) - began * 1e3) for line in log if line.startswith("{")]


def at(line):
    return datetime.datetime.fromisoformat(json.loads(line)["time"]).timestamp() * 1e3


def milestone(line):
    record = json.loads(line)
    return " ".join([record["message"]] + [record[key] for key in ("plugin", "lane") if key in record])


def phases(runs):
    """The median time of each milestone, and what it took since the one before."""
    names = [name for name, _ in runs[0][1] if name != "stopping"]
    moments = {name: statistics.median(dict(milestones).get(name, 0) for _, milestones in runs) for name in names}
    before = 0
    for name, moment in sorted(moments.items(), key=lambda pair: pair[1]):
        yield name, moment, moment - before
        before = moment


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--json", type=pathlib.Path, help="where to write the figures")
    options = parser.parse_args()
    with scratch_folder() as folder:
        count = manifests(folder / "manifests")
        os.environ["THORBIS_MANIFESTS"] = str(folder / "manifests")
        server = Server(folder / "data")
        try:
            environment = dict(
                os.environ, THORBIS_DATA=str(server.folder), DATABASE_URL=server.address("app"), THORBIS_PORT="0")
            runs = [start(environment) for _ in range(options.turns)]
        finally:
            server.stop()
    times = sorted(took for took, _ in runs)
    for name, moment, took in phases(runs):
        print(f"{name:28} at {moment:6.0f} ms, after {took:5.0f} ms")
    print(
        f"{count} plugins, {options.turns} starts: ready after {statistics.median(times):.0f} ms, {times[0]:.0f} to "
        f"{times[-1]:.0f} ms (below {READY_MAX_MS} is wanted)")
    if options.json:
        options.json.write_text(json.dumps({"times": times, "phases": list(phases(runs))}, indent=2) + "\n")


if __name__ == "__main__":
    main()
