"""More than the machine can do: `script/bench overload`.

First each profile's capacity is measured (closed loop, 64 connections). Then an open load of a multiple of it: what is
admitted is to be answered within 300 ms, p99, and the rest is to be refused with 503 or 429 and `Retry-After`. Then two
businesses: the second asks for a little, alone and while the first floods, in turn; its p99 is to stay below twice that.
That is done without limits of rates, and with those that a host has unless it is told otherwise.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import urllib.parse
from dataclasses import dataclass

import dataset
from dataset import CUSTOMERS
from limit import compiled
from server import Server, scratch_folder, wrk

ADMITTED_P99_MAX = 300
QUIET_RATIO_MAX = 2.0
# Requests a second of the second business: half of what the limits of rates let through.
QUIET_RATE_MAX = 100


@dataclass
class Profile:
    """One kind of request: for wrk to find the capacity, and as a line for the flood."""

    name: str
    script: str
    path: str
    line: str
    body: str = ""


PROFILES = [
    Profile("read one", "read.lua", "/", f"GET {CUSTOMERS}/%r"),
    Profile("list 20", "get.lua", f"{CUSTOMERS}?limit=20", f"GET {CUSTOMERS}?limit=20"),
    Profile("create", "create.lua", CUSTOMERS, f"POST {CUSTOMERS}", '{"display_name":"Customer %n"}'),
]


class Flood:
    """An open load that runs beside; see flood.c."""

    def __init__(self, server, profile, token, rate, seconds, connections):
        address = urllib.parse.urlsplit(server.url)
        self.process = subprocess.Popen(
            [compiled("flood.c"), address.hostname, str(address.port), str(seconds), f"{rate:.0f}", str(connections)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(f"{profile.line}\n{token}\n{profile.body}\n")
        self.process.stdin.close()
        self.seconds = seconds

    def figures(self):
        text = self.process.stdout.read()
        if self.process.wait() != 0:
            sys.exit("the flood broke off")
        figures = json.loads(text)
        figures["rate"] = figures["served"] / self.seconds
        return figures


def flooded(server, profile, business, capacity, options):
    """What becomes of the multiple of the capacity."""
    rate = capacity * options.times
    flood = Flood(server, profile, business.token(), rate, options.seconds, options.connections)
    return flood.figures() | {"capacity": capacity, "wanted": rate}


def quiet(server, profile, businesses, capacity, options):
    """The second business's p99, alone and beside the first one's flood, in turn."""
    first, second = (business.token() for business in businesses)
    rate = min(QUIET_RATE_MAX, capacity * options.quiet_share)
    sides = {"alone": [], "beside": []}
    for _ in range(options.turns):
        for side, runs in sides.items():
            if side == "beside":
                flood = Flood(
                    server, profile, first, capacity * options.times, options.seconds + 2, options.connections)
            runs.append(Flood(server, profile, second, rate, options.seconds, 64).figures())
            if side == "beside":
                flood.figures()
    return {side: {key: statistics.median(run[key] for run in runs) for key in ("p50", "p99", "rate", "refused")}
            for side, runs in sides.items()}


def measure(server, limited, profile, options):
    """A profile on both servers: each is one with two businesses, the second one with limits of rates."""
    token = server.businesses[0].token()
    wrk(server, profile.path, profile.script, 1, 64, token)
    capacity = wrk(server, profile.path, profile.script, options.seconds, 64, token)["rate"]
    over = flooded(server, profile, server.businesses[0], capacity, options)
    print(
        f"{profile.name:10} capacity {capacity:6.0f}/s, asked {(over['sent'] + over['unsent']) / options.seconds:6.0f}/s: "
        f"admitted {over['rate']:6.0f}/s, p50 {over['p50']:.0f} ms, p99 {over['p99']:.0f} ms; refused "
        f"{over['refused'] / options.seconds:.0f}/s, p99 {over['refused_p99']:.0f} ms, {over['statuses']}; unsent "
        f"{over['unsent']}, broken {over['broken']}, without Retry-After {over['without_retry']}", flush=True)
    for name, side in (("no limits", server), ("limits", limited)):
        sides = quiet(side, profile, side.businesses, capacity, options)
        alone, beside = sides["alone"], sides["beside"]
        ratio = beside["p99"] / alone["p99"]
        print(
            f"{'':10} {name}: second business at {alone['rate']:.0f}/s: p50 {alone['p50']:.1f} ms, p99 "
            f"{alone['p99']:.1f} ms alone; p50 {beside['p50']:.1f} ms, p99 {beside['p99']:.1f} ms beside the flood, "
            f"{ratio:.1f} ×; refused {beside['refused']:.0f}", flush=True)
        over[name] = sides | {"ratio": ratio}
    return over


def missed(results):
    """What isn't as wanted."""
    for name, figures in results.items():
        if figures["p99"] >= ADMITTED_P99_MAX:
            yield f"{name}: admitted requests took {figures['p99']:.0f} ms, p99"
        if figures["without_retry"] or figures["broken"] or figures["unanswered"]:
            yield f"{name}: requests broke, stayed without an answer, or were refused without `Retry-After`"
        for way in ("no limits", "limits"):
            if figures[way]["ratio"] >= QUIET_RATIO_MAX:
                yield f"{name}, {way}: the second business's p99 is {figures[way]['ratio']:.1f} × its idle one"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=6, help="length of each turn")
    parser.add_argument("--turns", type=int, default=2, help="how often both sides of the second business take turns")
    parser.add_argument("--times", type=float, default=3, help="the flood, as a multiple of the capacity")
    parser.add_argument("--quiet-share", type=float, default=0.02, help="of the capacity, for the second business")
    parser.add_argument("--connections", type=int, default=2000, help="of the flood")
    parser.add_argument("--only", action="append", help="a profile's name; may be repeated")
    parser.add_argument("--json", type=pathlib.Path, help="where to write the figures")
    options = parser.parse_args()
    with scratch_folder() as folder:
        servers = []
        try:
            for name, has_limits in (("free", False), ("limited", True)):
                server = Server(folder / name, has_limits=has_limits)
                servers.append(server)
                server.businesses = [server.sign_up("first"), server.sign_up("second")]
                for business in server.businesses:
                    dataset.fill_one(server, business.id)
            results = {
                profile.name: measure(*servers, profile, options) for profile in PROFILES
                if not options.only or profile.name in options.only}
        finally:
            for server in servers:
                server.stop()
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")
    for text in missed(results):
        print(f"missed: {text}")


if __name__ == "__main__":
    main()
