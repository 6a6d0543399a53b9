# SPDX-License-Identifier: MIT
"""load.py: many at once, much of it, and nothing is lost.

On the vault and on the keyring of the session at hand: twenty workers that store, get, erase and list, each on
servers of its own, of which it knows what has to be there, and on some that all share; forty docker logins beside a
migrate that runs again and again; a thousand logins; secrets of a megabyte. What a call needs of memory does not grow
with the calls before, no file grows, no process stays and no file is left over.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "faults"))
# pylint: disable=wrong-import-position
from world import NOT_FOUND, OURS, Login, World, config_of

WORKERS = 20
DOCKER_LOGIN = pathlib.Path(__file__).parents[1] / "interleave/docker_login.py"
CONFIG = ".docker/config.json"
MEBI = 1 << 20


class Wrong(Exception):
    """Something is lost, or was answered that is not so."""


class Book:
    """What was done, and what went wrong; of all workers."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts = collections.Counter()
        self.wrong = []

    def note(self, what, wrong=None):
        with self.lock:
            self.counts[what] += 1
            if wrong:
                self.wrong.append(f"{what}: {wrong}")


class Worker:
    """Makes calls in turn, and knows what its own servers must hold."""

    def __init__(self, world, number, when, seed, book):
        self.world, self.number, self.book = world, number, book
        self.chooser = random.Random(f"{seed} {number}")
        self.own = {f"{when}-{number}-{count}.example:5000": None for count in range(4)}
        self.made = 0

    def once(self):
        what = self.chooser.choices(["store", "get", "erase", "list", "share"], [40, 30, 12, 8, 10])[0]
        server = self.chooser.choice(list(self.own))
        try:
            getattr(self, what)(server)
            self.book.note(what)
        except Wrong as wrong:
            self.book.note(what, f"worker {self.number}: {wrong}")

    def call(self, action, stdin):
        ended = self.world.ours(action, stdin=stdin)
        if ended.status is None:
            raise Wrong(f"{action} {stdin[:80]}: hangs")
        if ended.status != 0 and ended.out.strip() != NOT_FOUND:
            raise Wrong(f"{action} {stdin[:80]}: exit {ended.status}: {ended.said()}")
        return ended

    def login(self, server):
        self.made += 1
        return Login(server, f"user-{self.made}", f"secret-{self.number}-{self.made}-" + "x" * self.chooser.choice([0, 9, 5000]))

    def store(self, server):
        login = self.login(server)
        before, self.own[server] = self.own[server], ...  # where it fails, either may be there
        try:
            self.call("store", login.request())
        except Wrong:
            self.own[server] = before if self.world.get(server) == before else (login.username, login.secret)
            raise
        self.own[server] = (login.username, login.secret)

    def get(self, server):
        found = self.world.get(server)
        if found != self.own[server]:
            raise Wrong(f"lost: {server} holds {str(found)[:80]} for {str(self.own[server])[:80]}")

    def erase(self, server):
        self.call("erase", server)
        self.own[server] = None

    def list(self, _):
        listed = self.call("list", "").out.decode()
        missing = [server for server, login in self.own.items() if (login is not None) != (f'"{server}"' in listed)]
        if missing:
            raise Wrong(f"the list is not right about {missing}")

    def share(self, _):
        """Others write the same server: it holds what somebody wrote, whole."""
        server = f"shared-{self.chooser.randrange(3)}.example"
        if self.chooser.random() < 0.5:
            self.call("store", Login(server, f"user-{self.number}", f"secret-of-user-{self.number}").request())
            return
        found = self.world.get(server)
        if found is not None and found[1] != f"secret-of-{found[0]}":
            raise Wrong(f"{server} holds {found}")


def peak_of(world, *arguments, stdin=""):
    """The peak of memory of one call, in KiB."""
    watch = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL);"
             "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    return int(world.run(["/usr/bin/python3", "-c", watch, OURS, *arguments], stdin).out)


def mixed(world, when, seconds, operations, seed, book):
    """Twenty workers, for so long or so many operations each; then what they left is looked at."""
    workers = [Worker(world, number, when, seed, book) for number in range(WORKERS)]
    end = time.monotonic() + seconds if seconds else None

    def work(worker):
        done = 0
        while done < operations if end is None else time.monotonic() < end:
            worker.once()
            done += 1
        for server in worker.own:
            try:
                worker.get(server)
                book.note("get at the end")
            except Wrong as wrong:
                book.note("get at the end", str(wrong))

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, workers))


def docker_logins(world, book):
    """Forty at once, by docker, which has us as its helper, while migrate takes what is in the file."""
    old = [Login(f"old-{count}.example", "ada", f"secret-of-old-{count}") for count in range(20)]
    new = [Login(f"new-{count}.example", "bob", f"secret-of-new-{count}") for count in range(40)]
    world.write(CONFIG, config_of(*old, credsStore="keyring"))
    is_over = threading.Event()

    def migrate():
        while not is_over.is_set():
            ended = world.ours("migrate")
            # docker may write at that very moment, again and again: then it says so.
            book.note("migrate" if ended.status == 0 else "migrate, disturbed",
                      None if ended.status in (0, 1, 3) else f"exit {ended.status}: {ended.said()}")

    def log_in(login):
        ended = world.run(["/usr/bin/python3", str(DOCKER_LOGIN), login.server, login.username], login.secret)
        book.note("docker login", None if ended.status == 0 else f"exit {ended.status}: {ended.said()}")

    beside = threading.Thread(target=migrate)
    beside.start()
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(log_in, new))
    is_over.set()
    beside.join()
    ended = world.ours("migrate")
    book.note("the last migrate", None if ended.status == 0 else f"exit {ended.status}: {ended.said()}")
    for login in [*old, *new]:
        found = world.get(login.server)
        book.note("get after", None if found == (login.username, login.secret) else f"lost: {login.server}: {found}")
    in_clear = world.in_clear([*old, *new])
    if in_clear:
        book.note("in clear", str(sorted(in_clear)))


def much(world, count_of_many, book):
    """A thousand logins, and secrets of a megabyte."""
    many = [Login(f"many-{count}.example", f"user-{count}", f"secret-of-many-{count}")
            for count in range(count_of_many)]
    world.write(CONFIG, config_of(*many))
    ended = world.ours("migrate")
    book.note("migrate of many", None if ended.status == 0 else f"exit {ended.status}: {ended.said()[:500]}")
    for login in many[::25]:
        found = world.get(login.server)
        book.note("get of many", None if found == (login.username, login.secret) else f"lost: {login.server}: {found}")
    listed = world.ours("list").out.decode().count('"many-')
    book.note("list of many", None if listed == len(many) else f"{listed} are listed")
    large = [Login(f"large-{count}.example", "ada", chr(ord("a") + count) * MEBI) for count in range(3)]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        ends = list(pool.map(lambda login: world.ours("store", stdin=login.request()), large))
    for login, ended in zip(large, ends):
        found = world.get(login.server)
        is_there = ended.status == 0 and found == (login.username, login.secret)
        book.note("a megabyte", None if is_there else f"exit {ended.status}: {ended.said()[:200]}; {str(found)[:80]}")
        world.ours("erase", stdin=login.server)


def try_store(name, world, options, book):
    login = Login("measured.example", "ada", "secret-of-measured")
    world.must("store", stdin=login.request())
    mixed(world, "first", 0, 1, options.seed, book)
    names, before = world.names(), peak_of(world, "get", stdin=login.server)
    mixed(world, "then", options.seconds if not options.sample else 0, options.sample, options.seed, book)
    after = peak_of(world, "get", stdin=login.server)
    print(f"{name}: a get needs {before} KiB at first, {after} KiB in the end")
    # Secrets of 5,000 bytes lie in the vault by then, of which twice may be in memory.
    if after > before + 4096:
        book.note("memory", f"{before} KiB at first, {after} KiB in the end")
    left = sorted(set(world.names()) - set(names))
    if left:
        book.note("files", f"left over: {left}")
    docker_logins(world, book)
    much(world, 200 if options.sample and name == "keyring" else 1000, book)


def main():
    parser = argparse.ArgumentParser(prog="tests/load/run", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("seconds", type=int, nargs="?", default=60, help="of mixed operations, on each store")
    parser.add_argument("--sample", type=int, metavar="SECONDS", help="as many operations as that is work, not more")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    parser.add_argument("--store", action="append", help="vault, keyring; both if none is named")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    wrong = []
    for name in options.store or ["vault", "keyring"]:
        folder = pathlib.Path(os.environ["LAB"]) / name
        world = World(folder, bus=os.environ["DBUS_SESSION_BUS_ADDRESS"] if name == "keyring" else None)
        if name == "vault":
            world.must("vault", "create", "--key-file", str(world.home / ".config/docker-credential-keyring/key"))
        book, began = Book(), time.monotonic()
        try_store(name, world, options, book)
        counts = ", ".join(f"{count} × {what}" for what, count in sorted(book.counts.items()))
        print(f"{name}: {counts}; {time.monotonic() - began:.0f} s", flush=True)
        wrong += [f"WRONG: {name}: {what}" for what in book.wrong]
    print("\n".join(wrong[:50]))
    print(f"{len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
