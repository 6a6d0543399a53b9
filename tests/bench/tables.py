# SPDX-License-Identifier: MIT
"""The tables, in Markdown, and the ratios that are demanded."""

import dataclasses

from lines import ANY_STORE, FORWARD, KEYRING, LOOP, OPEN_VAULT, PASS, SECRETSERVICE, TRUE, VAULT


@dataclasses.dataclass(frozen=True)
class Demand:
    """The figure of `who` is at most `times` that of `other`, who does the same or `other_what`."""

    what: str  # how the line's begins
    who: str
    times: float
    other: str
    other_what: str = ""
    figure: str = "wall_ms"


DEMANDS = [
    Demand("version", ANY_STORE, 2, TRUE, "start"),
    Demand("version", ANY_STORE, 0.1, PASS, "get, hit"),
    Demand("get, hit", KEYRING, 0.5, SECRETSERVICE),
    Demand("get, hit", KEYRING, 0.6, SECRETSERVICE, figure="peak_mb"),
    Demand("get, hit", OPEN_VAULT, 2, TRUE, "start"),
    Demand("get, hit", OPEN_VAULT, 0.1, PASS),
    Demand("get, hit", FORWARD, 2, VAULT),
    Demand("get, miss", KEYRING, 0.5, SECRETSERVICE),
    Demand("store", KEYRING, 0.7, SECRETSERVICE),
    Demand("erase", KEYRING, 0.7, SECRETSERVICE),
    Demand("list of", KEYRING, 0.2, SECRETSERVICE),
    Demand("list, get each", KEYRING, 0.45, SECRETSERVICE),
    Demand("migrate", KEYRING, 0.6, LOOP),
    Demand("migrate", VAULT, 0.02, LOOP),
]


def number(value):
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.{2 if value < 10 else 1 if value < 100 else 0}f}"


def ratio_of(value, other):
    return f"{value / other:.3g}"


def find(lines, what, who):
    """The first such line; None if there is none."""
    return next((line for line in lines if line.what.startswith(what) and line.who == who), None)


def table(heads, rows):
    """The first two columns are words, the others numbers."""
    return "".join(f"| {' | '.join(row)} |\n"
                   for row in [heads, ["---", "---", *["--:"] * (len(heads) - 2)], *rows])


# --- what docker asks every day, and migrations --------------------------------------------------


def ratio_to_reference(lines, line):
    for reference in (SECRETSERVICE, LOOP):
        if other := find(lines, line.what, reference):
            return ratio_of(line.median("wall_ms"), other.median("wall_ms"))
    return "–"


def verdict(lines, line, demand):
    other = find(lines, demand.other_what or line.what, demand.other)
    is_met = line.median(demand.figure) <= demand.times * other.median(demand.figure)
    what = "peak of " if demand.figure == "peak_mb" else ""
    what += f"`{demand.other_what}` of " if demand.other_what == "get, hit" else ""
    ratio = ratio_of(line.median(demand.figure), other.median(demand.figure))
    return f"{ratio} × {what}{demand.other}, at most {demand.times}: {'met' if is_met else '**missed**'}"


def figures_table(lines):
    verdicts = {id(line): [] for line in lines}
    for demand in DEMANDS:
        line = find(lines, demand.what, demand.who)
        verdicts[id(line)].append(verdict(lines, line, demand))
    rows = [[line.what, line.who, number(line.median("wall_ms")), number(line.median("cpu_ms")),
             number(line.median("peak_mb")), number(line.counted.bus_calls),
             number(line.counted.instructions), ratio_to_reference(lines, line),
             "; ".join(verdicts[id(line)])] for line in lines]
    return table(["", "", "wall, ms", "CPU, ms", "peak, MB", "D-Bus calls", "instructions, millions",
                  "wall ÷ reference", "demanded"], rows)


# --- growth --------------------------------------------------------------------------------------


def growth_table(sizes, lines_by_size):
    """Wall times; `lines_by_size` has the lines of each size."""
    rows = []
    for what in ("get, hit", "list"):
        for who in (KEYRING, SECRETSERVICE, VAULT):
            lines = [find(lines_by_size[size], what, who) for size in sizes]
            rows.append([what, who, *(number(line and line.median("wall_ms")) for line in lines)])
    return table(["wall, ms", "", *(f"{size:,}" for size in sizes)], rows)
