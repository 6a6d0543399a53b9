# SPDX-License-Identifier: MIT
"""interleave.py: commands that write, at once: one is held at each of its system calls while the others run.

The others run to their end, or until they wait for a lock; then the first goes on. What is there in the end has
to be what some order of those that succeeded, one after the other, leaves: who did not succeed has changed nothing,
and at least one does succeed. Where docker writes config.json over what it read before, as it always did, all logins
have to be found as docker looks for them, and the same command does its work again.
"""

import base64
import itertools
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "faults"))
# pylint: disable=wrong-import-position
import runner
from faults import look
from meetings import MEETINGS, Meeting


class Stage:
    """A meeting in a world, and what each order of its programs leaves."""

    def __init__(self, world, meeting: Meeting):
        self.world, self.meeting = world, meeting
        world.clear_away()
        meeting.prepare(world)
        world.save(meeting.name)
        self.set_up()
        self.programs = [(program.command(world), program.stdin) for program in meeting.programs]
        self.orders = {}
        everybody = range(len(self.programs))
        for count in range(1, len(self.programs) + 1):
            for order in itertools.permutations(everybody, count):
                self.add_order(order)
        if frozenset(everybody) not in self.orders and not meeting.excludes:
            raise RuntimeError(f"{meeting.name}: in no order all of them succeed")
        self.calls = [self.calls_of(program) for program in self.programs]

    def set_up(self):
        self.world.put_back(self.meeting.name)
        self.meeting.begin(self.world)

    def seen(self):
        return {**look(self.world, self.meeting), "files": self.world.names()}

    def add_order(self, order):
        self.set_up()
        for index in order:
            if self.world.run(*self.programs[index]).status not in (0, 3):
                return
        self.orders.setdefault(frozenset(order), []).append(self.seen())

    def calls_of(self, program):
        self.set_up()
        return [number for number, _, _ in self.world.calls(*program)]

    def finish(self):
        self.world.put_back(self.meeting.name)
        self.world.ours("vault", "lock")

    def points(self):
        names = [program.name for program in self.meeting.programs]
        for order in itertools.permutations(range(len(names))):
            order_name = " × ".join(f"{names[index]} {index}" for index in order)
            yield from ((order_name, number) for number in self.calls[order[0]])

    # --- one point --------------------------------------------------------------------------------

    def at(self, order_name, number):
        """What came of it: those of `order_name` start in that order, and the first is held at `number`."""
        order = [int(part.split()[-1]) for part in order_name.split(" × ")]
        self.set_up()
        denied = [word for denial in self.meeting.denied for word in ("--deny", denial)]
        ends = self.world.traced(["together", *denied, str(number)], *(self.programs[index] for index in order))
        said = " ‖ ".join(f"{end.status}: {end.said()}" for end in ends)
        wrong = []
        statuses = {index: end.status for index, end in zip(order, ends)}
        outcome = self.judge(statuses, self.meeting.programs[order[0]].is_docker, wrong)
        proof = self.meeting.proof(self.world)
        if proof:
            wrong.append(f"in the end: {proof}")
        if not ends[0].at and not wrong:
            outcome = runner.NOT_REACHED
        return runner.Result(outcome, wrong, ends[0].at, said)

    def judge(self, statuses, is_docker_held, wrong):
        strange = {index: status for index, status in statuses.items() if status not in (0, 1, 3)}
        if strange:
            wrong.append("hangs" if None in strange.values() else f"ends: {statuses}")
            return "?"
        done = frozenset(index for index, status in statuses.items() if status != 1)
        seen = self.seen()
        if not done:
            wrong.append("nobody succeeds")
        elif seen in self.orders.get(done, []):
            return "all, in some order" if len(done) == len(statuses) else f"{len(statuses) - len(done)} gave way"
        elif is_docker_held:
            return self.judge_after_docker(done, wrong)
        else:
            wanted = self.orders.get(done, [])
            wrong.append(f"as no order of {sorted(done)}: {self.differences(seen, wanted)}")
        return "?"

    @staticmethod
    def differences(seen, wanted):
        return " or ".join("; ".join(f"{name}: {seen[name]} for {other[name]}" for name in seen
                                     if seen[name] != other[name]) for other in wanted) or f"{seen}, which none leaves"

    def judge_after_docker(self, done, wrong):
        """docker wrote over what ours had written meanwhile: all is there, and ours does it again."""
        wanted = self.orders.get(done, [])
        for server in self.meeting.servers:
            found = self.docker_finds(server)
            if all(found != other[f"login {server}"] for other in wanted):
                wrong.append(f"lost: docker finds {found} for {server}")
        ours = next(index for index, program in enumerate(self.meeting.programs) if not program.is_docker)
        ended = self.world.run(*self.programs[ours])
        seen = self.seen()
        if ended.status not in (0, 3) or seen not in wanted:
            wrong.append(f"done again: exit {ended.status}: {self.differences(seen, wanted)}")
        return "docker took it back, done again"

    def docker_finds(self, server):
        config = self.world.document(".docker/config.json")
        if not isinstance(config, dict) or config.get("credsStore"):
            return self.world.get(server)
        auth = config.get("auths", {}).get(server, {}).get("auth", "")
        return tuple(base64.b64decode(auth).decode().split(":", 1)) if auth else None


if __name__ == "__main__":
    runner.main("tests/interleave/run", __doc__, MEETINGS, Stage, row_of=lambda point: point[1])
