#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""memory_at_exit.py FOUND TEXT COMMAND…: runs COMMAND, and when it has done all and is about to end, looks for TEXT
in all of its memory. Writes a line for each place that has it into the file FOUND: the address, and what is mapped
there. Ends as COMMAND does; with 99 where its memory does not hold what it must. For root."""
import ctypes
import os
import signal
import sys

TRACEME, CONT, SETOPTIONS, TRACE_EXIT, EXIT_EVENT = 0, 7, 0x4200, 0x40, 6
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def places(pid, text):
    """Of each mapping that can be read: where `text` is in it, and what it is."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            bounds, rights, *rest = line.split()
            if "r" not in rights or rest[-1] in ("[vvar]", "[vsyscall]", "[vvar_vclock]"):
                continue
            begin, end = (int(bound, 16) for bound in bounds.split("-"))
            memory.seek(begin)
            content = memory.read(end - begin)
            at = content.find(text)
            while at >= 0:
                yield f"{begin + at:x} {rest[-1]}"
                at = content.find(text, at + 1)


def main():
    found, text, command = open(sys.argv[1], "w"), sys.argv[2].encode(), sys.argv[3:]
    pid = os.fork()
    if pid == 0:
        libc.ptrace(TRACEME, 0, None, None)
        os.execvp(command[0], command)
    os.waitpid(pid, 0)  # at its execve
    libc.ptrace(SETOPTIONS, pid, None, TRACE_EXIT)
    passed_on, has_looked = 0, False
    while True:
        libc.ptrace(CONT, pid, None, passed_on)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(status):
            if not has_looked:
                return 99
            return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        passed_on = os.WSTOPSIG(status)
        if status >> 8 == signal.SIGTRAP | EXIT_EVENT << 8:
            passed_on, has_looked = 0, True
            if not any(places(pid, b"docker-credential-keyring")):
                return 99
            for place in places(pid, text):
                print(place, file=found)


if __name__ == "__main__":
    sys.exit(main())
