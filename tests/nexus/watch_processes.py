#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Looks at the command lines of all processes, again and again, and prints each that holds one of the secrets
given on stdin, in any form that find_secret.py knows. Prints "ready" when it looks; ends by SIGTERM.
"""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e/lab"))
from find_secret import encodings  # noqa: E402


def command_lines():
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{number}/cmdline", "rb") as file:
                yield file.read()
        except OSError:  # it has ended
            continue


def main():
    wanted = {form for line in sys.stdin.buffer for form in encodings(line.rstrip(b"\n"))}
    told = set()
    print("ready", flush=True)
    while True:
        for line in command_lines():
            if line not in told and any(form in line for form in wanted):
                told.add(line)
                print(line.replace(b"\0", b" ").decode(errors="replace"), flush=True)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
