#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Where the time of a call goes, by milestones.c: a Markdown table with a column for each call, its rows
in the order of what happens. Medians, in ms, of calls that take turns."""

import argparse
import collections
import pathlib
import statistics
import sys

from lines import OURS, erase, get_hit, get_miss, list_all, store, version
from processes import Call, Runner, World

OWN_WORK = "our own work between these"

# What has happened when we come past a milestone.
NAMES = {
    "main begins": "start: exec, loader",
    "before loading libsystemd.so.0": "settings, index, which store",
    "loaded libsystemd.so.0": "loading of libsystemd, libgcrypt",
    "before loading libgcrypt.so.20": "finding the functions of libsystemd",
    "loaded libgcrypt.so.20": "loading of libsystemd, libgcrypt",
    "libgcrypt started": "start of libgcrypt",
    "Diffie-Hellman done": "our Diffie-Hellman",
    "main is done": "answer, index, closing; in a vault all of it",
}
ANSWERS = {"authentication": "connect, authenticate", "Hello": "Hello"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=pathlib.Path, required=True)
    parser.add_argument("--stopwatch", required=True)
    parser.add_argument("--milestones", required=True, help="the library to be preloaded")
    parser.add_argument("--many", type=int, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    return parser.parse_args()


def parts_of(run, page):
    """The milliseconds of one run, by the name of what took them."""
    parts = collections.Counter()
    last, under_way, answered = run.began_ns, [], ""
    for line in page.splitlines():
        moment, what = line.split(" ", 1)
        name = NAMES.get(what, OWN_WORK)
        if what == "received a reply" or (what == "received" and under_way == ["authentication"]):
            answered = under_way.pop(0)  # the bus and the keyring answer in the order of the questions
        if what.startswith("received"):
            name = ANSWERS.get(answered, f"answer to {answered}")
        parts[name] += (int(moment) - last) / 1e6
        last = int(moment)
        if what.startswith("before sending "):
            under_way.append(what.removeprefix("before sending "))
    parts["exit"] = (run.began_ns + run.wall_ns - last) / 1e6
    return parts


def measure(runner, asked, library, rounds):
    """For each call, the parts of each round, and the walls without milestones."""
    page = runner.scratch / "milestones"
    parts = {what: [] for what, _, _ in asked}
    walls = {what: [] for what, _, _ in asked}
    for number in range(rounds):
        print(f"bench: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        # Turned about, so that what was stored is erased by the other.
        for is_traced in (number % 2 == 0, number % 2 == 1):
            for what, name, call in asked:
                world = World(runner.worlds / name)
                if is_traced:
                    world.environment |= {"LD_PRELOAD": library, "MILESTONES": str(page)}
                run = runner.run(world, call)
                if is_traced:
                    parts[what].append(parts_of(run, page.read_text()))
                else:
                    walls[what].append(run.wall_ns / 1e6)
    return parts, walls


def in_order(columns):
    """The names of all parts, in the order of what happens; the own work comes before the exit."""
    names = list(dict.fromkeys(name for runs in columns for name in runs[0]))
    last = [NAMES["main is done"], OWN_WORK, "exit"]
    return [name for name in names if name not in last] + last


def main():
    told = arguments()
    runner = Runner(told.worlds, told.stopwatch)
    keyring, vault = f"keyring-{told.many}", f"vault-{told.many}"
    asked = [("get, hit", keyring, get_hit(OURS, told.many // 2)),
             ("get, miss", keyring, get_miss(OURS)),
             ("store", keyring, store(OURS)),
             ("erase", keyring, erase(OURS)),
             (f"list of {told.many}", keyring, list_all(OURS, told.many)),
             ("vault: get, hit", vault, get_hit(OURS, told.many // 2)),
             ("version", keyring, version(OURS))]
    parts, walls = measure(runner, asked, told.milestones, told.rounds)
    print(f"| ms | {' | '.join(parts)} |")
    print(f"| --- |{' --: |' * len(parts)}")
    for name in in_order(parts.values()):
        cells = (statistics.median(run[name] for run in runs) for runs in parts.values())
        print(f"| {name} | {' | '.join(f'{cell:.2f}' if cell else '' for cell in cells)} |")
    wholes = (statistics.median(runs) for runs in walls.values())
    print(f"| all, without milestones | {' | '.join(f'{whole:.2f}' for whole in wholes)} |")


main()
