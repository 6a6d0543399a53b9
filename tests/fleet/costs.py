# SPDX-License-Identifier: MIT
"""What a shared vault costs beside a raw client of etcd, as whole processes in turn: medians in milliseconds, and the
bounds that hold between them; exit 1 where one does not.

  costs.py ROUNDS THOUSAND RAW URL CA CERT KEY LAB PREFIX VAULT: THOUSAND is how many in a row; RAW is raw_client
"""

import os
import pathlib
import random
import statistics
import sys
import time

rounds, thousand = map(int, sys.argv[1:3])
raw, url, ca, cert, key, lab, prefix, vault = sys.argv[3:]
helper = "docker-credential-keyring"


# --- messages of etcd ---------------------------------------------------------------------------------

def varint(number):
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes(parts + bytes([number]))


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def frame(name, message):
    path = pathlib.Path(lab, name)
    path.write_bytes(b"\0" + len(message).to_bytes(4, "big") + message)
    return str(path)


entry = f"{prefix}/vault".encode()
other = f"{prefix}/raw".encode()
value = pathlib.Path(vault).read_bytes()
# Txn: operations where no comparison fails (2), where one does (3); RequestOp: range 1, put 2.
comparison = field(2, 2) + field(3, entry) + field(6, 1)
unchanged = frame("unchanged", field(1, comparison) + field(2, field(1, field(1, entry))))
fetch = frame("fetch", field(2, field(1, field(1, entry))))
put = frame("put", field(2, field(2, field(1, other) + field(2, value))))


# --- processes ----------------------------------------------------------------------------------------

def took(argv, home=None, stdin="/dev/null"):
    actions = [(os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, f"{lab}/noise", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    environment = dict(os.environ, HOME=home) if home else os.environ
    began = time.perf_counter()
    process = os.posix_spawnp(argv[0], argv, environment, file_actions=actions)
    status = os.waitpid(process, 0)[1]
    ended = time.perf_counter()
    if status != 0:
        sys.exit(f"costs: {argv} ended with {status}")
    return (ended - began) * 1000


def raw_call(times, *frames):
    return took([raw, str(times), url, ca, cert, key, *frames])


def sync(_):
    return took([helper, "vault", "sync"], f"{lab}/one")


def get(machine):
    return took([helper, "get"], f"{lab}/{machine}", f"{lab}/server")


def store(machine, number):
    asked = pathlib.Path(lab, "asked")
    asked.write_text(f'{{"ServerURL":"a.example","Username":"ada","Secret":"word-{number}"}}')
    return took([helper, "store"], f"{lab}/{machine}", str(asked))


calls = {
    "sync": sync,
    "raw, one transaction": lambda _: raw_call(1, unchanged),
    "store, shared": lambda n: store("admin", n),
    "store, local": lambda n: store("alone", n),
    "raw, two transactions": lambda _: raw_call(1, fetch, put),
    "get, of the copy": lambda _: get("one"),
    "get, local": lambda _: get("alone"),
}
pathlib.Path(lab, "server").write_text("a.example\n")
times = {name: [] for name in calls}
for n in range(rounds):
    # Each has another before it every time: who comes second finds what the first left in the caches.
    for name, call in random.sample(list(calls.items()), len(calls)):
        if name.startswith(("sync", "get")):
            call(n)  # the first after a store brings what that changed, into the copy and the index
        times[name].append(call(n))
median = {name: statistics.median(each) for name, each in times.items()}
for name, each in median.items():
    print(f"{name}: {each:.2f} ms")

syncs = sum(sync(0) for _ in range(thousand))
raws = sum(raw_call(1, unchanged) for _ in range(thousand))
print(f"{thousand} syncs: {syncs:.0f} ms; as many raw clients: {raws:.0f} ms; "
      f"one raw client, so often: {raw_call(thousand, unchanged):.0f} ms")

bounds = [
    ("a sync by a raw client's", median["sync"] / median["raw, one transaction"], 2),
    ("syncs in a row by as many raw clients", syncs / raws, 3),
    ("a write by a raw one's and 1.5 local ones",
     median["store, shared"] / (median["raw, two transactions"] + 1.5 * median["store, local"]), 1),
    ("a get of the copy by a local one", median["get, of the copy"] / median["get, local"], 1.05),
]
for name, ratio, most in bounds:
    print(f"{name}: {ratio:.2f}, at most {most}")
sys.exit(any(ratio > most for _, ratio, most in bounds))
