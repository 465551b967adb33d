"""A minute's look at the ratios, for `script/test`: `script/bench short --compare`.

Reads, lists and creates beside pgbench on the same unit, in turn. One that is grossly worse than the baseline is
measured once more before it counts: a machine may have been busy with something else.
"""

import argparse

import baseline
import dataset
from load import HEADER, Bench, line, profiles
from server import Server, scratch_folder

PROFILES = ("read one", "list 20", "create")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=2, help="length of each turn")
    parser.add_argument("--warm-up", type=int, default=1, help="seconds before the first turn of a profile")
    parser.add_argument("--turns", type=int, default=2, help="how often both sides take turns")
    parser.add_argument("--connections", type=int, default=64)
    baseline.add_options(parser)
    options = parser.parse_args()
    with scratch_folder() as folder:
        server = Server(folder / "data")
        try:
            business = server.sign_up("plumbing")
            dataset.fill_one(server, business.id)
            results = measure(Bench(server, business, options, ways=("pgbench",)), options)
        finally:
            server.stop()
    baseline.settle("short", results, options)


def measure(bench, options):
    print(HEADER)
    results = {}
    for profile in profiles(bench.business):
        if profile.name not in PROFILES:
            continue
        figures = bench.measure(profile)
        print(line(profile.name, figures), flush=True)
        if options.compare and baseline.regressions("short", {profile.name: figures["ratio"]}, options.tolerance):
            figures = bench.measure(profile)
            print(line(f"{profile.name}, again", figures), flush=True)
        results[profile.name] = figures
    return results


if __name__ == "__main__":
    main()
