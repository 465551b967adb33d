"""The committed ratios, and what became grossly worse than they allow. Only ratios are kept: machines differ."""

import json
import sys

from server import ROOT

PATH = ROOT / "Benchmarks/baseline.json"
# A run on a machine that does something else besides may be this much worse before anybody is told.
TOLERANCE = 0.4
# On such a machine a few may also be refused, because they stood in line for too long.
FAILED_SHARE_MAX = 0.05


def add_options(parser):
    parser.add_argument("--record", action="store_true", help="make this run's ratios the baseline")
    parser.add_argument("--compare", action="store_true", help="end with 1 when a ratio is grossly worse than the baseline")
    parser.add_argument("--tolerance", type=float, default=TOLERANCE, help="share of a ratio below which it is")


def read(suite):
    """The ratios of a suite by profile; none before the first recording."""
    return json.loads(PATH.read_text()).get(suite, {}) if PATH.exists() else {}


def record(suite, ratios):
    everything = json.loads(PATH.read_text()) if PATH.exists() else {}
    everything[suite] = {name: round(ratio, 2) for name, ratio in ratios.items()}
    PATH.write_text(json.dumps(everything, indent=2, sort_keys=True) + "\n")


def regressions(suite, ratios, tolerance):
    """A line for each ratio that is worse than the baseline's share."""
    return [
        f"{name}: {ratio:.2f} × pgbench, where {usual:.2f} is usual and {usual * tolerance:.2f} the least"
        for name, usual in read(suite).items()
        if (ratio := ratios.get(name)) is not None and ratio < usual * tolerance]


def ratios(results):
    return {name: figures["ratio"] for name, figures in results.items() if "ratio" in figures}


def settle(suite, results, options):
    """Records or compares, as the options say; ends with 1 when something is worse, or many requests failed."""
    found = []
    if options.record:
        record(suite, ratios(results))
        print(f"recorded in {PATH.relative_to(ROOT)}")
    if options.compare:
        found = regressions(suite, ratios(results), options.tolerance)
        found += [
            f"{name}: {figures['failed']} of {figures['requests']} requests failed" for name, figures in results.items()
            if figures["failed"] > FAILED_SHARE_MAX * figures["requests"]]
    for text in found:
        print(f"worse: {text}")
    sys.exit(1 if found else 0)
