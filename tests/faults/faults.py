# SPDX-License-Identifier: MIT
"""faults.py: each command fails, or is killed, at each of its system calls in turn, and nothing is lost.

What must be true then, whatever happened:
- each login that was there before can be had, or what the command put in its place;
- no file holds a secret that held none, save what the command writes; none is open to others;
- a file of JSON is one; the vault can be read;
- exit 0 says that all is done, 1 that nothing is changed, 3 that some is; nothing hangs or crashes;
- a second run finishes the job, and leaves what an undisturbed one leaves.
"""

import json

import runner
from scenes import EVERYBODY, SCENES

KILL = "kill -9"


def look(world, scene):
    """What there is, as far as this command may change it."""
    seen = {f"login {server}": world.get(server) for server in scene.servers}
    if scene.may_be_called_gone:
        seen = {name: None if str(value).endswith("vault is gone") else value for name, value in seen.items()}
    for place in scene.documents:
        if place.endswith(".json"):
            seen[place] = world.document(place)
        else:
            file = world.home / place
            seen[place] = file.read_text() if file.exists() else None
    if scene.looks_at_vault:
        ended = world.ours("vault", "status", "--json")
        state = json.loads(ended.out) if ended.status == 0 else {}
        seen["vault"] = [state.get("exists", ended.said()), state.get("open"), len(state.get("ways", []))]
    return seen


class Stage:
    """A scene in a world: its home, and what an undisturbed run makes of it."""

    def __init__(self, world, scene):
        self.world, self.scene = world, scene
        world.clear_away()
        scene.prepare(world)
        world.save(scene.name)
        self.set_up()
        self.words = scene.command(world)
        self.clear_before = world.in_clear(EVERYBODY)
        self.before = look(world, scene)
        self.set_up()
        self.calls = world.calls(self.words, scene.stdin)
        self.set_up()
        self.status = world.run(self.words, scene.stdin).status
        self.after = look(world, scene)
        self.clear_after = world.in_clear(EVERYBODY)
        self.names = world.names()
        wrong = scene.proof(world)
        if wrong or self.status not in (0, 3) or (self.before == self.after and not scene.name.startswith("index")):
            raise RuntimeError(f"{scene.name}, undisturbed: exit {self.status}, {wrong or self.after}")

    def set_up(self):
        self.world.put_back(self.scene.name)
        self.scene.begin(self.world)

    def points(self):
        for number, _, errors in self.calls:
            yield from ((number, error) for error in errors)
            yield number, KILL

    def finish(self):
        """Nothing of this scene's vault stays with the kernel."""
        self.world.put_back(self.scene.name)
        self.world.ours("vault", "lock")

    # --- one point ----------------------------------------------------------------------------------

    def at(self, number, fault):
        """What came of it."""
        number = int(number)
        self.set_up()
        act = ("kill", str(number)) if fault == KILL else ("fail", str(number), fault)
        ended, = self.world.traced(act, (self.words, self.scene.stdin))
        if not ended.at and ended.status is not None:
            return runner.Result(runner.NOT_REACHED, [], ended.at, ended.said())
        wrong = []
        seen = look(self.world, self.scene)
        outcome = self.judge_end(ended, fault, seen, wrong)
        self.judge_state(seen, wrong)
        if not self.scene.once or seen != self.after:
            self.judge_second_run(seen, wrong)
        proof = self.scene.proof(self.world)
        if proof:
            wrong.append(f"in the end: {proof}")
        return runner.Result(outcome, wrong, ended.at, ended.said())

    def judge_end(self, ended, fault, seen, wrong):
        state = "new" if seen == self.after else "old" if seen == self.before else "mixed"
        if ended.status is None:
            wrong.append("hangs")
        elif fault == KILL and ended.status == -9:
            return f"killed, {state}"
        elif ended.status == self.status:
            if seen != self.after:
                wrong.append(f"exit {ended.status}, but not all is done: {self.difference(seen, self.after)}")
            return "done"
        elif ended.status == 3:
            return "exit 3"
        elif ended.status == -6 and b"libgcrypt" in ended.err:
            return "libgcrypt gave up"  # it ends the process where it cannot read the system's settings
        elif ended.status == 1 and self.scene.uses_keyring and seen == self.after and "socket:" in ended.at:
            return "answer lost"  # nobody can know then
        elif ended.status == 1:
            if seen != self.before:
                wrong.append(f"exit 1, but something is changed: {self.difference(seen, self.before)}")
            if not ended.out and not ended.err:
                wrong.append("exit 1 without a word")
            return "exit 1"
        else:
            wrong.append(f"ends with {ended.status}: {ended.said()}")
        return "?"

    @staticmethod
    def difference(seen, wanted):
        return "; ".join(f"{name}: {seen[name]} for {wanted[name]}" for name in seen if seen[name] != wanted[name])

    def judge_state(self, seen, wrong):
        for name, value in seen.items():
            if isinstance(value, str) and value.startswith("no JSON"):
                wrong.append(f"{name}: {value}")
            if not name.startswith("login ") or value in (self.before[name], self.after[name]):
                continue
            wrong.append(f"lost: {name}: {value}, neither {self.before[name]} nor {self.after[name]}")
        known = {secret for _, secret in self.clear_before | self.clear_after}
        for name, secret in self.world.in_clear(EVERYBODY):
            if secret not in known or "open to others" in name:
                wrong.append(f"in clear: {secret} in {name}")

    def judge_second_run(self, seen, wrong):
        ended = self.world.run(self.words, self.scene.stdin)
        was_done = seen == self.after and ended.status == 1
        if ended.status != self.status and not was_done:
            wrong.append(f"second run: exit {ended.status}: {ended.said()}")
        again = look(self.world, self.scene)
        if again != self.after:
            wrong.append(f"second run: {self.difference(again, self.after)}")
        left = sorted(set(self.world.names()) ^ set(self.names))
        if left:
            wrong.append(f"second run: left or missing: {' '.join(left)}")


if __name__ == "__main__":
    runner.main("tests/faults/run", __doc__, SCENES, Stage, row_of=lambda point: point[2])
