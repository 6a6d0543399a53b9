#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""coverage.py LCOV UNCOVERED: a line a folder of what was gone through, of lines and of branches; the lines that
were not, in UNCOVERED, each with its text."""

import collections
import os
import sys


class Count:
    def __init__(self):
        self.found = self.hit = 0

    def add(self, was_hit):
        self.found += 1
        self.hit += was_hit

    def __str__(self):
        share = 100 * self.hit / self.found if self.found else 100
        return f"{share:6.2f} % of {self.found:6}"


def read(path):
    """file → ({line: times}, {branch: was taken})"""
    files, lines, branches = {}, {}, {}
    with open(path, encoding="utf-8") as lcov:
        for entry in lcov:
            word, _, rest = entry.rstrip("\n").partition(":")
            if word == "SF":
                lines, branches = files.setdefault(rest, ({}, {}))
            elif word == "DA":
                line, times = rest.split(",")[:2]
                lines[int(line)] = max(int(times), lines.get(int(line), 0))
            elif word == "BRDA":
                branch, _, taken = rest.rpartition(",")
                branches[branch] = branches.get(branch, False) or taken not in ("-", "0")
    return files


def main(lcov, uncovered):
    rooms = collections.defaultdict(lambda: (Count(), Count()))
    with open(uncovered, "w", encoding="utf-8") as out:
        for path, (lines, branches) in sorted(read(lcov).items()):
            # The build maps the project's folder to ".", which the compiler then looks for below its own.
            name = os.path.relpath(path.rpartition("/./")[2])
            if not name.startswith(("helper/", "platform/")):
                continue
            with open(name, encoding="utf-8") as source:
                text = source.read().split("\n")
            for room in (os.path.dirname(name), "in all"):
                for times in lines.values():
                    rooms[room][0].add(times > 0)
                for was_taken in branches.values():
                    rooms[room][1].add(was_taken)
            for line in sorted(line for line, times in lines.items() if not times):
                out.write(f"{name}:{line}: {text[line - 1].strip()}\n")
    if not rooms:
        sys.exit("coverage.py: nothing of helper/ or platform/ was counted")
    print(f"{'':24}  {'lines':>17}   {'branches':>17}")
    for room in sorted(rooms, key=lambda room: (room == "in all", room)):
        print(f"{room:24}  {rooms[room][0]}   {rooms[room][1]}")
    print(f"each line that was not gone through: {os.path.relpath(uncovered)}")


main(*sys.argv[1:])
