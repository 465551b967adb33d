"""Every suite that docs/PERFORMANCE.md has a table of, one after the other: `script/bench all`, about twenty minutes.

Keeps what each printed and its figures in a folder, and the tables as Markdown in `tables.md` there. A suite that fails
doesn't keep the others from running.
"""

import argparse
import json
import pathlib
import subprocess
import sys

from server import ROOT

# Shorter than each suite's own turns, so that all of it is done before the machine has other things to do.
SUITES = {
    "load": ["--seconds", "4", "--turns", "2", "--warm-up", "1"],
    "start": [],
    "hosts": [],
    "overload": ["--seconds", "5"],
    "peers": ["--seconds", "4", "--turns", "2"],
    "businesses": ["--seconds", "4"],
}


def table(columns, rows):
    """Markdown of rows, each a list of texts."""
    head = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    return "\n".join(head + [f"| {' | '.join(row)} |" for row in rows]) + "\n"


def number(figures, key, form=",.0f"):
    return f"{figures[key]:{form}}" if key in figures else "–"


def load(results):
    columns = ["profile", "pgbench/s", "pipelined/s", "libpq/s", "HTTP/s", "ratio", "limit", "p50 ms", "p95 ms", "p99 ms",
               "host s/k", "db s/k"]
    rows = [
        [name] + [number(row, key) for key in ("pgbench", "pipelined", "libpq", "rate")]
        + [number(row, key, ".2f") for key in ("ratio", "limit_ratio")]
        + [number(row, key, ".1f") for key in ("p50", "p95", "p99")]
        + [number(row, key, ".3f") for key in ("host_seconds", "database_seconds")]
        for name, row in results["profiles"].items()]
    failed = sum(row["failed"] for row in results["profiles"].values())
    return table(columns, rows) + (
        f"\n{failed} requests failed. 1,000 idle connections took {results['idle_kilobytes']:.1f} KB each; the host had "
        f"{results['megabytes']:.0f} MB after the run.\n")


def start(results):
    times = results["times"]
    rows = [[name, f"{moment:.0f}", f"{took:.0f}"] for name, moment, took in results["phases"]]
    return f"{len(times)} starts, {times[0]:.0f} to {times[-1]:.0f} ms, median {times[len(times) // 2]:.0f} ms.\n\n" + table(
        ["milestone", "at ms", "after ms"], rows)


def hosts(results):
    rows = [
        [profile, way.replace("x", " × "), number(row, "rate"), number(row, "p50", ".1f"), number(row, "p99", ".1f"),
         number(row, "host", ".3f"), number(row, "database", ".3f"), number(row, "megabytes"),
         number(row, "connections"), number(row, "busiest", ".2f")]
        for profile, ways in results.items() for way, row in ways.items()]
    return table(
        ["profile", "hosts × loops", "HTTP/s", "p50 ms", "p99 ms", "host s/k", "db s/k", "MB", "processes of PostgreSQL",
         "busiest"], rows)


def overload(results):
    rows = []
    for profile, row in results.items():
        statuses = ", ".join(f"{status}: {count:,}" for status, count in row["statuses"].items())
        quiet = [
            f"{row[way]['alone']['p99']:.1f}, {row[way]['beside']['p99']:.1f}; {row[way]['ratio']:.1f} ×"
            for way in ("no limits", "limits")]
        rows.append([
            profile, number(row, "capacity"), number(row, "wanted"), number(row, "rate"),
            f"{row['p50']:.0f}, {row['p99']:.0f}", statuses, str(row["without_retry"])] + quiet)
    return table(
        ["profile", "capacity/s", "asked/s", "admitted/s", "p50, p99 ms", "answers", "refused without `Retry-After`",
         "second business, p99 alone, beside, ms", "the same with limits of rates"], rows)


def peers(results):
    rows = [
        [profile if name == "host" else "", name, number(row, "rate"),
         f"{row['rate'] / next(other for who, other in sides.items() if who != 'host')['rate']:.1f}"
         if name == "host" else "", number(row, "p50", ".1f"), number(row, "p99", ".1f"), number(row, "cost", ".3f"),
         number(row, "megabytes")]
        for profile, sides in results.items() for name, row in sides.items()]
    return table(["profile", "who", "requests/s", "host ×", "p50 ms", "p99 ms", "CPU s/k", "MB"], rows)


def businesses(results):
    rows = [
        [name, number(results[name], "rate"), number(results[name], "p50", ".2f"), number(results[name], "p99", ".2f"),
         number(results[name], "host", ".3f"), number(results[name], "database", ".3f")] for name in ("few", "many")]
    return table(["businesses", "HTTP/s", "p50 ms", "p99 ms", "host s/k", "db s/k"], rows) + (
        f"\n{results['ratio']:.2f} × the rate with 1,000.\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / ".build/bench-figures")
    parser.add_argument("--only", action="append", help="a suite's name; may be repeated")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    failed, tables = [], []
    for suite, arguments in SUITES.items():
        if options.only and suite not in options.only:
            continue
        print(f"--- {suite}", flush=True)
        figures = options.folder / f"{suite}.json"
        figures.unlink(missing_ok=True)
        with open(options.folder / f"{suite}.txt", "w", encoding="utf-8") as output:
            process = subprocess.Popen(
                [ROOT / "script/bench", suite, *arguments, "--json", figures], stdout=subprocess.PIPE, text=True)
            for line in process.stdout:
                print(line, end="", flush=True)
                output.write(line)
        if process.wait() != 0 or not figures.exists():
            failed.append(suite)
            continue
        tables.append(f"## {suite}\n\n{globals()[suite](json.loads(figures.read_text()))}")
        (options.folder / "tables.md").write_text("\n".join(tables))
    print(f"tables: {options.folder / 'tables.md'}")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
