"""Where the host's processor time goes, profile by profile: `script/bench profile`.

`perf` samples the host below the load of one profile of the load suite; a table tells the functions that take most, and
a flame graph (SVG) who calls them. No figure of it is a rate: sampling costs some.
"""

import argparse
import pathlib
import subprocess
import threading

import dataset
import flamegraph
from load import Bench, profiles
from server import ROOT, Server, scratch_folder

SAMPLES_PER_SECOND = 997


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=6, help="how long each profile is sampled")
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--only", action="append", help="a profile's name; may be repeated")
    parser.add_argument("--functions", type=int, default=25, help="how many functions the table has")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / ".build/profiles", help="where the SVGs go")
    return parser.parse_args()


def sample(process, seconds, place):
    """The stacks of a process, as `perf script` prints them."""
    subprocess.run(
        ["perf", "record", "-q", "-e", "cpu-clock", "-F", str(SAMPLES_PER_SECOND), "--call-graph", "fp", "-p",
         str(process), "-o", place, "--", "sleep", str(seconds)], check=True, stderr=subprocess.DEVNULL)
    return subprocess.run(
        ["perf", "script", "-i", place, "-F", "ip,sym,dso", "--no-inline", "--no-demangle"], check=True,
        capture_output=True, text=True).stdout


def look_into(bench, profile, options, scratch):
    bench.run(profile, options.warm_up)
    load = threading.Thread(target=bench.run, args=(profile, options.seconds + 2))
    load.start()
    text = sample(bench.server.groups()["host"][0], options.seconds, str(scratch / "perf.data"))
    load.join()
    root = flamegraph.tree(text)
    options.folder.mkdir(parents=True, exist_ok=True)
    place = options.folder / f"{profile.name.replace(',', '').replace(' ', '-')}.svg"
    place.write_text(flamegraph.svg(root, f"{profile.name}: processor time of the host"))
    print(f"\n{profile.name}: {root.samples} samples, {place}")
    print("  itself           with what it calls")
    for own, below in zip(flamegraph.self_shares(root)[:options.functions], flamegraph.shares_below(root)):
        print(f"  {100 * own[0]:5.1f} %  {own[1][:50]:50}  {100 * below[0]:5.1f} %  {below[1][:70]}")


def main():
    options = arguments()
    with scratch_folder() as folder:
        # A password is cheap here: the sign-in before each profile would be seen otherwise.
        server = Server(folder / "data")
        try:
            business = server.sign_up("plumbing")
            dataset.fill(server, business.id)
            dataset.fill_orders(server, business.id)
            bench = Bench(server, business, options)
            for profile in profiles(business):
                if not options.only or profile.name in options.only:
                    look_into(bench, profile, options, folder)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
