# SPDX-License-Identifier: MIT
"""Runs helpers as docker does, a process a call, and says what each run took."""

import dataclasses
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import Callable


# Go's own signals would end callgrind.
CALLGRIND = ["/usr/bin/env", "GODEBUG=asyncpreemptoff=1", "/usr/bin/valgrind", "--tool=callgrind",
             "--callgrind-out-file=/dev/null"]


class UnknownInstruction(Exception):
    """Debian's valgrind does not know every processor: there Go's start ends by SIGILL."""


@dataclasses.dataclass(frozen=True)
class Call:
    """A process: what it is given, how it must end, and whether what it says is right."""

    argv: list
    stdin: str = ""
    status: int = 0
    is_right: Callable = lambda said: True


@dataclasses.dataclass(frozen=True)
class Run:
    """What the stopwatch says of one process."""

    status: int
    began_ns: int
    wall_ns: int
    cpu_us: int
    peak_kb: int


@dataclasses.dataclass(frozen=True)
class Took:
    """What calls took, one after the other: the peak is that of the largest."""

    wall_ms: float
    cpu_ms: float
    peak_mb: float


@dataclasses.dataclass(frozen=True)
class Counted:
    """What hardly varies; None where nobody counted."""

    bus_calls: int | None = None
    instructions: float | None = None  # in millions


class World:
    """A folder with a home, a runtime folder with or without a bus, and what else it sets."""

    def __init__(self, folder):
        self.name = folder.name
        self.environment = dict(os.environ, HOME=f"{folder}/home", XDG_RUNTIME_DIR=f"{folder}/run")
        self.environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        self.has_bus = (folder / "run/bus").exists()
        if self.has_bus:
            self.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={folder}/run/bus"
        more = folder / "environment"
        if more.exists():
            self.environment |= (pair.split("=", 1) for pair in more.read_text().splitlines())


class Runner:
    """Starts processes by the stopwatch."""

    def __init__(self, worlds, stopwatch):
        self.worlds = worlds
        self.stopwatch = stopwatch
        self.scratch = pathlib.Path(os.environ["TMPDIR"])

    def time(self, world_name, calls):
        world = World(self.worlds / world_name)
        runs = [self.run(world, call) for call in calls]
        return Took(sum(run.wall_ns for run in runs) / 1e6, sum(run.cpu_us for run in runs) / 1e3,
                    max(run.peak_kb for run in runs) / 1024)

    def count(self, world_name, calls, with_instructions):
        """Calls on the bus and, by callgrind, instructions, of one run."""
        try:
            return self.count_under(CALLGRIND if with_instructions else [], world_name, calls)
        except UnknownInstruction:
            return self.count_under([], world_name, calls)

    def count_under(self, valgrind, world_name, calls):
        world = World(self.worlds / world_name)
        log = self.scratch / "valgrind"
        before = [*valgrind, f"--log-file={log}"] if valgrind else []
        instructions = 0
        with BusMonitor(world, self.scratch / "monitor") as monitor:
            for call in calls:
                self.run(world, call, before)
                if valgrind:
                    instructions += int(re.search(r"Collected : (\d+)", log.read_text())[1])
        return Counted(monitor.calls, instructions / 1e6 if valgrind else None)

    def run(self, world, call, before=()):
        """Once, as the last argument of the command `before`; a wrong answer ends the bench."""
        given, said, report = (self.scratch / name for name in ("stdin", "stdout", "report"))
        given.write_text(call.stdin)
        program = shutil.which(call.argv[0], path=world.environment["PATH"])
        with open(given) as stdin, open(said, "w") as stdout, open(report, "w") as figures:
            subprocess.run(
                [self.stopwatch, str(figures.fileno()), *before, program, *call.argv[1:]],
                stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL, env=world.environment,
                pass_fds=[figures.fileno()], check=True)
        run = Run(*map(int, report.read_text().split()))
        if before and run.status == 128 + signal.SIGILL:
            raise UnknownInstruction
        text = said.read_text()
        if run.status != call.status or not call.is_right(text):
            sys.exit(f"bench: {' '.join(call.argv)} in {world.name}: exit {run.status}, «{text[:2000]}»")
        return run


class BusMonitor:
    """Counts the method calls of the programs that come to a world's bus."""

    def __init__(self, world, page):
        self.world = world
        self.page = page
        self.calls = 0

    def __enter__(self):
        if self.world.has_bus:
            with open(self.page, "w") as out:
                self.process = subprocess.Popen(["dbus-monitor", "--session", "--profile"],
                                                stdout=out, env=self.world.environment)
            self.wait_for("NameLost")
        return self

    def __exit__(self, *failure):
        if not self.world.has_bus:
            return
        # When it shows a call of ours, it has shown all that came before.
        subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus",
                        "--object-path", "/", "--method", "org.freedesktop.DBus.GetId"],
                       stdout=subprocess.DEVNULL, env=self.world.environment, check=True)
        self.wait_for("GetId")
        self.process.terminate()
        self.process.wait()
        lines = (line.split("\t") for line in self.page.read_text().splitlines())
        calls = [(fields[3], fields[7]) for fields in lines if fields[0] == "mc"]
        came = {sender for sender, method in calls if method == "Hello"}
        came -= {sender for sender, method in calls if method == "GetId"}
        self.calls = sum(sender in came for sender, method in calls)

    def wait_for(self, method):
        end = time.monotonic() + 120
        while method not in self.page.read_text():
            if time.monotonic() > end:
                sys.exit("bench: dbus-monitor shows nothing")
            time.sleep(0.01)
