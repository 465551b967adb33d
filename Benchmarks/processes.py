"""What the processes of a server cost: processor seconds and memory, from /proc."""

import os
import pathlib
import re

TICKS = os.sysconf("SC_CLK_TCK")


def descendants(root):
    """Process ids below `root`, with `root` itself."""
    parents = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        parents.setdefault(int(fields[1]), []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += parents.get(process, [])
    return found


def command(process):
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return [b""]


def is_host(process):
    return b"serve" in command(process)


def is_database(process):
    return b"postgres" in command(process)[0]


def processor_seconds(processes):
    """User and kernel time of these processes and of the children that they waited for."""
    ticks = 0
    for process in processes:
        try:
            fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICKS


def megabytes(processes):
    """Resident memory, added up; pages that processes share count for each."""
    total = 0
    for process in processes:
        try:
            total += int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{process}/status").read_text()).group(1))
        except (OSError, AttributeError):
            continue
    return total / 1024


class Meter:
    """Processor seconds of groups of processes between two moments.

    `groups` is asked at both, since processes come and go; what one that ended has used is in its parent's figures.
    """

    def __init__(self, groups):
        self.groups = groups
        self.before = self.read()

    def read(self):
        return {name: processor_seconds(processes) for name, processes in self.groups().items()}

    def per_thousand(self, requests):
        """Seconds per 1,000 requests since this meter was made, by group."""
        return {name: (now - self.before[name]) * 1000 / max(1, requests) for name, now in self.read().items()}
