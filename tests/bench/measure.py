#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Measures whole processes, as docker starts them, in the worlds that `run` has made, and prints
Markdown tables. In one round everything runs once, in an order of its own, so that what else the
machine does meets all alike. Every answer is checked; a wrong one ends the bench."""

import argparse
import datetime
import os
import pathlib
import random
import sys

import tables
from lines import everyday, growth, migrations
from processes import Runner


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=pathlib.Path, required=True)
    parser.add_argument("--stopwatch", required=True)
    for size in ("few", "many", "most", "largest", "logins", "repeats", "rounds"):
        parser.add_argument(f"--{size}", type=int, required=True)
    return parser.parse_args()


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def lines_of(groups):
    return [line for group in groups for line in group]


def measure(runner, groups, rounds):
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        order = [group for group in groups if number % group[0].every == 0]
        random.Random(number).shuffle(order)
        for line in lines_of(order):
            world = line.worlds[number % len(line.worlds)]
            line.took.append(runner.time(world, line.calls))
            prove(runner, line, world)


def count(runner, lines):
    say("counting calls and instructions")
    for line in lines:
        if line.is_counted:
            line.counted = runner.count(line.worlds[-1], line.calls, line.with_instructions)
            prove(runner, line, line.worlds[-1])


def prove(runner, line, world):
    if line.proof:
        runner.time(world, [line.proof])


def machine():
    release = dict(line.split("=", 1) for line in open("/etc/os-release").read().splitlines() if "=" in line)
    return (f"{datetime.date.today()}, {release['PRETTY_NAME'].strip(chr(34))}, "
            f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")


def main():
    told = arguments()
    runner = Runner(told.worlds, told.stopwatch)
    before = machine()

    say("what docker asks every day")
    usual = everyday(told.few, told.many)
    measure(runner, usual, told.rounds)
    count(runner, lines_of(usual))

    say(f"migrations of {told.logins}")
    # One world more is for counting.
    some = migrations(told.logins, lambda who: [f"{who}-{told.logins}-{i}" for i in range(told.repeats + 1)])
    measure(runner, some, told.repeats)
    count(runner, lines_of(some))
    say(f"migrations of {told.most}")
    all_at_once = migrations(told.most, lambda who: [f"{who}-{told.most}"], is_counted=False)
    measure(runner, all_at_once, 1)

    say("growth")
    sizes = [1, told.many, told.most, told.largest]
    grown = {size: growth(size, size < told.largest) for size in sizes}
    measure(runner, [group for groups in grown.values() for group in groups], max(1, told.rounds // 5))

    lines = lines_of(usual + some + all_at_once)
    asked = [line.what for line in lines]
    lines.sort(key=lambda line: asked.index(line.what))
    print(before, end="\n\n")
    print(tables.figures_table(lines))
    print(tables.growth_table(sizes, {size: lines_of(groups) for size, groups in grown.items()}), end="")


main()
