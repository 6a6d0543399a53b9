# SPDX-License-Identifier: MIT
"""Tries points, each a moment of a scene, in worlds beside each other; prints a table of what came of them.

A stage is made of a world and a scene. It has points(), each a tuple of words; at(*point), a Result; and
finish(). A result that is "not reached" says that the moment did not come.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import os
import pathlib
import random
import sys

import keyring
from world import World

POINTS_A_SECOND = 10  # that two busy cores get done; `--sample` counts points, and no time
MOST_IN_A_ROW = 100  # of one scene in one world
NOT_REACHED = "not reached"


@dataclasses.dataclass(frozen=True)
class Result:
    """What came of a point, what of it is wrong, at which call it was, and what was said."""

    outcome: str
    wrong: list
    at: str = ""
    said: str = ""


# Of this process: what main() was given, and the stages in its world.
scenes, stage_type, stages = [], None, {}


def stage_of(name):
    if name not in stages:
        stages.clear()
        scene = next(scene for scene in scenes if scene.name == name)
        world = World(pathlib.Path(os.environ["LAB"]) / f"world-{os.getpid()}", os.environ["TRACER"])
        world.set_bus(keyring.address() if scene.uses_keyring else None)
        stages[name] = stage_type(world, scene)
    return stages[name]


def points_of(name):
    points = [(name, *point) for point in stage_of(name).points()]
    stage_of(name).finish()
    return points


def try_points(points):
    stage = stage_of(points[0][0])
    results = [(point, stage.at(*point[1:])) for point in points]
    stage.finish()
    return results


def by_scene(points):
    groups = collections.defaultdict(list)
    for point in points:
        groups[point[0]].append(point)
    return groups.values()


def spread(points, count, seed):
    """So many of them, of each scene as many as of the others."""
    chooser = random.Random(seed)
    groups = by_scene(points)
    each = max(1, count // len(groups))
    return [group[index] for group in groups
            for index in sorted(chooser.sample(range(len(group)), min(each, len(group))))]


def in_parts(points):
    return [group[begin:begin + MOST_IN_A_ROW] for group in by_scene(points)
            for begin in range(0, len(group), MOST_IN_A_ROW)]


def print_table(results, row_of):
    rows = collections.defaultdict(collections.Counter)
    for point, result in results:
        row = rows[point[0], row_of(point)]
        row[result.outcome] += 1
        row["wrong"] += bool(result.wrong)
    outcomes = sorted({result.outcome for _, result in results})
    print(f"| scene | | points | {' | '.join(outcomes)} | wrong |")
    print("|---|---" + "|---" * (len(outcomes) + 2) + "|")
    for (name, what), row in rows.items():
        cells = [sum(row[outcome] for outcome in outcomes), *(row[outcome] or "" for outcome in outcomes)]
        print(f"| {name} | {what} | {' | '.join(map(str, cells))} | {row['wrong'] or ''} |")


def print_wrong(program, results):
    for point, result in results:
        for what in result.wrong:
            print(f"WRONG: {': '.join(map(str, point))}: at {result.at}: {what}\n"
                  f"       repeat: {program} --again {' '.join(repr(str(word)) for word in point)}\n"
                  f"       it said: {result.said[:400]}")


def parse_arguments(program, description):
    parser = argparse.ArgumentParser(prog=program, description=description.split("\n")[0])
    parser.add_argument("--sample", type=int, metavar="SECONDS", help="a spread of points, as much work as that")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"), help="of the sample")
    parser.add_argument("--scene", action="append", help="only this scene")
    parser.add_argument("--row", action="append", help="only these points, as the table's second column calls them")
    parser.add_argument("--again", nargs="+", metavar="WORD", help="one point")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def choose(options, pool, row_of):
    if options.again:
        return [tuple(options.again)]
    names = [scene.name for scene in scenes if not options.scene or scene.name in options.scene]
    points = [point for found in pool.map(points_of, names) for point in found]
    if options.row:
        points = [point for point in points if row_of(point) in options.row]
    if not options.sample:
        return points
    print(f"seed {options.seed}", flush=True)
    return spread(points, options.sample * POINTS_A_SECOND, options.seed)


def unseen(options, results):
    """The scenes of which not even half of the points came, if there are any."""
    names = [scene.name for scene in scenes if not options.scene or scene.name in options.scene]
    came = collections.Counter(point[0] for point, result in results if result.outcome != NOT_REACHED)
    tried = collections.Counter(point[0] for point, _ in results)
    return [] if options.again else [name for name in names if came[name] == 0 or 2 * came[name] < tried[name]]


def main(program, description, all_scenes, stages_are, row_of):
    global scenes, stage_type
    scenes, stage_type = all_scenes, stages_are
    options = parse_arguments(program, description)
    with concurrent.futures.ProcessPoolExecutor(options.workers) as pool:
        points = choose(options, pool, row_of)
        results = [result for part in pool.map(try_points, in_parts(points)) for result in part]
    print_table(results, row_of)
    print_wrong(program, results)
    wrong = sum(bool(result.wrong) for _, result in results)
    reached = sum(result.outcome != NOT_REACHED for _, result in results)
    print(f"{len(results)} points, {reached} reached, {wrong} wrong")
    missed = unseen(options, results)
    if missed:
        print(f"of these too few points came, or none: {', '.join(missed)}")
    # Calls are counted in a run before, and may be fewer in the next: not many.
    sys.exit(1 if wrong or missed or not results or reached < len(results) * 0.9 else 0)
