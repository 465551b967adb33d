"""Stacks of `perf script` as an SVG whose widths are shares of processor time."""

import html
import re
import subprocess
from dataclasses import dataclass, field

WIDTH = 1200
ROW = 16
# Narrower boxes can't be read, and make the file long.
SMALLEST_SHARE = 0.002
COLOURS = {"swift": "#f4a259", "kernel": "#8cb369", "database": "#5b8e7d", "other": "#bcb8b1"}


@dataclass
class Frame:
    """One function below its callers, with the samples that were taken in it or below it."""

    name: str
    kind: str = "other"
    samples: int = 0
    callees: dict = field(default_factory=dict)


def stacks(text):
    """The stacks of `perf script -F ip,sym,dso`, callers first: pairs of a function's name and its library."""
    for block in text.strip().split("\n\n"):
        frames = []
        for line in block.splitlines():
            if found := re.match(r"\s+[0-9a-f]+ (.*) \(([^()]*)\)$", line):
                frames.append((re.sub(r"\+0x[0-9a-f]+$", "", found.group(1)), found.group(2)))
        if frames:
            yield frames[::-1]


def demangled(names):
    """The names as people write them, by mangled name."""
    names = sorted(names)
    text = subprocess.run(
        ["swift", "demangle", "--compact", "--simplified"], input="\n".join(names), capture_output=True, text=True,
        check=True).stdout
    return dict(zip(names, text.splitlines()))


def shortened(name):
    """A Swift function without what every frame has: generics, types of parameters, the part of an async function."""
    name = re.sub(r"^\(\d+\) (suspend resume|await resume) partial function for ", "", name)
    name = re.sub(r"<[^<>]*>", "", re.sub(r"<[^<>]*>", "", name))
    return re.sub(r"\(.*$", "", name.replace("specialized ", "").replace("closure #", "closure ")) or name


def kind(name, library):
    if "kernel" in library or library.startswith("[k"):
        return "kernel"
    if "libpq" in library or "PQ" in name[:3]:
        return "database"
    return "swift" if "thorbis" in library or "swift" in library.lower() or library.endswith("Plugin.so") else "other"


def tree(text):
    """All stacks put together below one root."""
    found = list(stacks(text))
    names = demangled({name for frames in found for name, _ in frames})
    root = Frame("all")
    for frames in found:
        root.samples += 1
        place = root
        for name, library in frames:
            name = shortened(names.get(name, name))
            place = place.callees.setdefault(name, Frame(name, kind(name, library)))
            place.samples += 1
    return root


def self_shares(root):
    """The share of all samples that were taken in each function itself, largest first."""
    shares = {}

    def visit(frame):
        own = frame.samples - sum(callee.samples for callee in frame.callees.values())
        shares[frame.name] = shares.get(frame.name, 0) + own
        for callee in frame.callees.values():
            visit(callee)

    visit(root)
    return sorted(((count / root.samples, name) for name, count in shares.items()), reverse=True)


def svg(root, title):
    boxes, depth_max = [], 0

    def place(frame, left, depth):
        nonlocal depth_max
        width = WIDTH * frame.samples / root.samples
        if frame.samples < root.samples * SMALLEST_SHARE:
            return
        depth_max = max(depth_max, depth)
        boxes.append((frame, left, depth, width))
        for callee in sorted(frame.callees.values(), key=lambda callee: callee.name):
            place(callee, left, depth + 1)
            left += WIDTH * callee.samples / root.samples

    place(root, 0, 0)
    height = (depth_max + 3) * ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        f'font-size="11">', f'<text x="4" y="14" font-size="13">{html.escape(title)}</text>']
    for frame, left, depth, width in boxes:
        top = height - (depth + 1) * ROW
        name = html.escape(frame.name)
        share = 100 * frame.samples / root.samples
        parts.append(
            f'<g><title>{name}: {share:.1f} %</title><rect x="{left:.1f}" y="{top}" width="{max(width - 0.5, 0.5):.1f}" '
            f'height="{ROW - 1}" fill="{COLOURS[frame.kind]}"/>'
            + (f'<text x="{left + 2:.1f}" y="{top + 11}">{html.escape(frame.name[:int(width / 6.2)])}</text>'
               if width > 30 else "") + "</g>")
    return "\n".join(parts + ["</svg>", ""])


def shares_below(root):
    """The share of all samples in which each function stood anywhere in the stack, largest first."""
    shares = {}

    def visit(frame, above):
        if frame.name not in above:
            shares[frame.name] = shares.get(frame.name, 0) + frame.samples
        for callee in frame.callees.values():
            visit(callee, above | {frame.name})

    visit(root, frozenset())
    return sorted(((count / root.samples, name) for name, count in shares.items()), reverse=True)
