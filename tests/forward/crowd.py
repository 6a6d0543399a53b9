#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""crowd.py SOCKET SECONDS CLIENTS: so many clients ask the forward at SOCKET for so long, beside a crowd.

The crowd are 32 that say nothing, and some that are slow, send garbage, announce what never comes, send more than is
taken, or hang up in the middle; as one goes, the next one comes. Each client is the program, which is on PATH, asked
for reg.example, whose login is ada's. It may say that home gave no sign of life in time, where the machine has none to
give; any other answer is wrong. Prints how often each came, and ends with 1 if one was wrong.
"""
import collections
import json
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time

path, seconds, clients = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
end = time.monotonic() + seconds
lock = threading.Lock()
counts = collections.Counter()


def header(kind, size):
    return b"dckf\1" + bytes([kind, 0, 0]) + struct.pack("<I", size)


def get(server):
    return header(1, 4 + len(server)) + struct.pack("<I", len(server)) + server


def silent(_):
    time.sleep(1.5)


def slow(connection):
    for byte in get(b"reg.example"):
        connection.sendall(bytes([byte]))
        time.sleep(0.2)


def garbage(connection):
    connection.sendall(os.urandom(random.randrange(1, 4096)))
    connection.recv(1)


def announced(connection):
    connection.sendall(header(1, 0xFFFFFFFF))
    connection.recv(1)


def huge(connection):
    connection.sendall(header(4, 2 << 20) + bytes(3 << 20))
    connection.recv(1)


def hangs_up(connection):
    connection.sendall(get(b"reg.example")[:10])


def no_reader(connection):
    connection.sendall(get(b"reg.example"))


def crowd(behave):
    while time.monotonic() < end:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            try:
                connection.connect(path)
                behave(connection)
            except OSError:
                time.sleep(0.01)
        with lock:
            counts[behave.__name__] += 1


def client():
    while time.monotonic() < end:
        done = subprocess.run(["docker-credential-keyring", "get"], input=b"reg.example", capture_output=True,
                              check=False)
        if done.returncode == 0 and json.loads(done.stdout)["Secret"] == "secret-of-ada":
            outcome = "answered"
        elif b"no sign of life" in done.stderr:
            outcome = "late"
        else:
            outcome = "wrong"
            print(done, file=sys.stderr)
        with lock:
            counts[outcome] += 1


workers = [threading.Thread(target=crowd, args=(silent,)) for _ in range(32)]
workers += [threading.Thread(target=crowd, args=(behave,))
            for behave in (slow, slow, garbage, announced, huge, hangs_up, no_reader)]
workers += [threading.Thread(target=client) for _ in range(clients)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
sys.exit(1 if counts["wrong"] or not counts["answered"] else 0)
