# SPDX-License-Identifier: MIT
"""A home with stores in it, in which programs run, and which can be put back as it was."""

import base64
import contextlib
import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess

OURS = "docker-credential-keyring"
LIMIT = 120  # seconds after which a call hangs
NOT_FOUND = b"credentials not found in native keychain"

# What is locked, what somebody was told, and the index, which is a hint: none of what is kept.
UNIMPORTANT = re.compile(r"\.lock$|/docker-credential-keyring/index(\.new)?$")
RANDOM = re.compile(r"(?<=/open-)[0-9a-f]{32}$|(?<=\.docker-credential-keyring\.)[A-Za-z0-9]{6}$")


@dataclasses.dataclass(frozen=True)
class Login:
    """A credential, as docker knows it."""

    server: str
    username: str
    secret: str

    def request(self):
        return json.dumps({"ServerURL": self.server, "Username": self.username, "Secret": self.secret})

    def auth(self):
        return base64.b64encode(f"{self.username}:{self.secret}".encode()).decode()


def config_of(*logins, **more):
    """A config.json with these logins in plaintext."""
    return json.dumps({"auths": {login.server: {"auth": login.auth()} for login in logins}, **more})


@dataclasses.dataclass(frozen=True)
class Ended:
    """How a program ended: `status` is below 0 for a signal, None if it hung."""

    status: int | None
    out: bytes = b""
    err: bytes = b""
    at: str = ""  # the call at which it was acted upon; empty if it did not come

    def said(self):
        return (self.out + self.err).decode(errors="replace").strip().replace("\n", " | ")


class World:
    """Below `folder`: home, run (the runtime folder), and copies of both by name."""

    def __init__(self, folder, tracer=None, bus=None):
        self.folder = pathlib.Path(folder)
        self.home = self.folder / "home"
        self.tracer = tracer
        self.environment = {**os.environ, "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.folder / "run")}
        self.set_bus(bus)
        self.clear_away()

    def set_bus(self, bus):
        self.environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        if bus:
            self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus

    def clear_away(self):
        for name in ("home", "run"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir(mode=0o700, parents=True)
        # A keyring on a busy machine, with twenty at once, may take its time.
        self.write(".config/docker-credential-keyring/settings.json", '{"reply_timeout_s": 60}')

    def save(self, name):
        shutil.rmtree(self.folder / "saved" / name, ignore_errors=True)
        for part in ("home", "run"):
            shutil.copytree(self.folder / part, self.folder / "saved" / name / part, symlinks=True)

    def put_back(self, name):
        for part in ("home", "run"):
            shutil.rmtree(self.folder / part, ignore_errors=True)
            shutil.copytree(self.folder / "saved" / name / part, self.folder / part, symlinks=True)

    def write(self, place, text):
        file = self.home / place
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(text)

    # --- calls ------------------------------------------------------------------------------------

    def run(self, command, stdin=""):
        try:
            done = subprocess.run(command, input=stdin.encode(), capture_output=True, timeout=LIMIT,
                                  env=self.environment, cwd=self.folder, check=False)
        except subprocess.TimeoutExpired:
            return Ended(None)
        return Ended(done.returncode, done.stdout, done.stderr)

    def ours(self, *arguments, stdin=""):
        return self.run([OURS, *arguments], stdin)

    @contextlib.contextmanager
    def with_variables(self, **variables):
        """In which calls have these, too."""
        before, self.environment = self.environment, {**self.environment, **variables}
        yield
        self.environment = before

    def must(self, *arguments, stdin=""):
        ended = self.ours(*arguments, stdin=stdin)
        if ended.status != 0:
            raise RuntimeError(f"{' '.join(arguments)}: {ended.status}: {ended.said()}")
        return ended

    def traced(self, act, *programs):
        """What tracer.cpp does with `act`, to programs of the form (command, stdin): how each ended."""
        words = [self.tracer, *act]
        outputs = []
        for number, (command, stdin) in enumerate(programs):
            files = [self.folder / f"{kind}.{number}" for kind in ("in", "out", "err")]
            files[0].write_text(stdin)
            files[1].write_bytes(b"")
            files[2].write_bytes(b"")
            outputs.append(files[1:])
            words += ["--", f"<{files[0]}", f">{files[1]}", f"2>{files[2]}", *command]
        told = self.run(words).out.decode(errors="replace").splitlines()
        at = next((line[3:].replace("\t", " ") for line in told if line.startswith("at ")), "")
        ends = [-int(line[7:]) if line.startswith("killed ") else int(line[7:])
                for line in told if line.startswith(("exited ", "killed "))]
        ends += [None] * (len(programs) - len(ends))
        return [Ended(status, out.read_bytes(), err.read_bytes(), at) for status, (out, err) in zip(ends, outputs)]

    def calls(self, command, stdin):
        """The calls of this program at which the tracer can act: (number, name, errors)."""
        file = self.folder / "in.calls"
        file.write_text(stdin)
        null = f">{os.devnull}"
        told = self.run([self.tracer, "calls", "--", f"<{file}", null, f"2>{os.devnull}", *command]).out.decode(
            errors="replace")
        found = [line.split("\t")[0].split() for line in told.splitlines() if "\t" in line]
        if not found:
            raise RuntimeError(f"no calls of {command}: {told}")
        return [(int(words[0]), words[1], words[2:]) for words in found]

    # --- looks ------------------------------------------------------------------------------------

    def get(self, server):
        """(username, secret), None if it is not found, or what went wrong."""
        ended = self.ours("get", stdin=server)
        if ended.status == 1 and ended.out.strip() == NOT_FOUND:
            return None
        if ended.status != 0:
            return f"exit {ended.status}: {ended.out.decode(errors='replace').strip()}"
        answer = json.loads(ended.out)
        return answer["Username"], answer["Secret"]

    def vault(self):
        return json.loads(self.must("vault", "status", "--json").out)

    def files(self):
        """What lies in this home, by name; what is random in a name, left out."""
        return {path.relative_to(self.home): path for path in self.home.rglob("*") if path.is_file()}

    def names(self):
        names = (f"/{name}" for name in self.files())
        return sorted(RANDOM.sub("*", name) for name in names if not UNIMPORTANT.search(name))

    def in_clear(self, logins):
        """(name of a file, secret) for each file that holds one."""
        found = set()
        for name, path in self.files().items():
            text = path.read_bytes()
            for login in logins:
                if login.secret.encode() in text or login.auth().rstrip("=").encode() in text:
                    found.add((RANDOM.sub("*", f"/{name}"), login.secret))
                    if path.stat().st_mode & 0o077:
                        found.add((f"/{name}, open to others", login.secret))
        return found

    def document(self, place):
        """The JSON in this file; None if there is no file, text if it is no JSON."""
        try:
            text = (self.home / place).read_text()
        except FileNotFoundError:
            return None
        try:
            return json.loads(text)
        except ValueError:
            return f"no JSON: {text!r}"
