#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Looks at every file below some folders each time it is written, however soon it is gone again, and
prints the name of each that then holds one of the secrets given on stdin, in any form that
find_secret.py knows. Needs root: the kernel hands over each file that was written (fanotify), so
neither a rename nor a removal nor a mount namespace takes it out of sight. Prints "ready" when it
watches; ends by SIGTERM.

usage: watch_secrets.py [--anywhere] FOLDER...

--anywhere: every file of the file systems on which the folders lie, by the name that it has for who writes it, also
in a mount namespace in which they have other names.
"""

import ctypes
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e/lab"))
from find_secret import encodings  # noqa: E402

# From <sys/fanotify.h>.
FAN_MODIFY, FAN_CLOSE_WRITE, FAN_Q_OVERFLOW = 0x2, 0x8, 0x4000
FAN_CLOEXEC, FAN_UNLIMITED_QUEUE = 0x1, 0x10
FAN_MARK_ADD, FAN_MARK_FILESYSTEM = 0x1, 0x100
AT_FDCWD = -100
EVENT = struct.Struct("=IBBHQii")


def watch(folders):
    libc = ctypes.CDLL(None, use_errno=True)
    queue = libc.fanotify_init(FAN_CLOEXEC | FAN_UNLIMITED_QUEUE, os.O_RDONLY | os.O_CLOEXEC)
    if queue < 0:
        sys.exit("fanotify_init: " + os.strerror(ctypes.get_errno()))
    for folder in folders:
        mask = ctypes.c_uint64(FAN_MODIFY | FAN_CLOSE_WRITE)
        failed = libc.fanotify_mark(
            queue, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, mask, AT_FDCWD, os.fsencode(folder)
        )
        if failed:
            sys.exit("fanotify_mark: " + os.strerror(ctypes.get_errno()))
    return queue


def events(queue):
    while True:
        data = os.read(queue, 1 << 16)
        while data:
            length, _, _, _, mask, fd, _ = EVENT.unpack_from(data)
            data = data[length:]
            if mask & FAN_Q_OVERFLOW:
                sys.exit("more was written than could be looked at")
            yield fd


def content(fd):
    parts = []
    while part := os.pread(fd, 1 << 20, sum(map(len, parts))):
        parts.append(part)
    return b"".join(parts)


def main():
    anywhere = sys.argv[1] == "--anywhere"
    folders = [os.path.realpath(folder) for folder in sys.argv[1 + anywhere :]]
    secrets = [line.rstrip(b"\n") for line in sys.stdin.buffer]
    if not secrets or min(map(len, secrets)) < 8:
        sys.exit("watch_secrets.py: no secret given, or one too short to be looked for")
    wanted = {form for secret in secrets for form in encodings(secret)}
    queue = watch(folders)
    print("ready", flush=True)
    for fd in events(queue):
        name = os.readlink(f"/proc/self/fd/{fd}").removesuffix(" (deleted)")
        if anywhere or any(name.startswith(folder + "/") for folder in folders):
            data = content(fd)
            if any(form in data for form in wanted):
                print(name, flush=True)
        os.close(fd)


if __name__ == "__main__":
    main()
