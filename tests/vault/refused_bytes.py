#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""refused_bytes.py VAULT SERVER STEP: alters one bit at a time of the vault, cuts it, adds to it, and
lets docker-credential-keyring get and store with each. Prints a line for each alteration that is not
refused with a reason, or after which the file is another; exit 1 if there was one. STEP is how many
bytes lie between two that are tried (1: every byte). The vault is as before at the end."""

import json
import os
import subprocess
import sys

NOT_FOUND = b"credentials not found in native keychain"


def call(action, text):
    done = subprocess.run(["docker-credential-keyring", action], input=text, capture_output=True,
                          timeout=300, check=False)
    return done.returncode, done.stdout, done.stderr


def alterations(data, step):
    """(what, bytes, whether a store is tried as well)"""
    number = 0
    for at in range(0, len(data), step):
        # One bit of each byte, another from byte to byte; of every fortieth all eight.
        every = (at // step) % 40 == 0
        for bit in range(8) if every else [(at * 5 + 3) % 8]:
            number += 1
            yield f"bit {bit} of byte {at}", data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :], number % 20 == 0
    for length in sorted({0, 1, 10, 33, 34, 35, 100, len(data) // 2, len(data) - 1024, len(data) - 17, len(data) - 1}):
        yield f"cut to {length} bytes", data[:length], True
    yield "a byte added", data + b"\0", True
    yield "a newline added", data + b"\n", True
    yield "1024 bytes added", data + bytes(1024), True
    yield "a byte in front", b"\n" + data, True
    at = len(data) // 2
    yield "a byte doubled", data[:at] + data[at : at + 1] + data[at:], False
    yield "a byte left out", data[:at] + data[at + 1 :], False
    yield "all bytes zero", bytes(len(data)), True


def forget_told():
    """Each call says it all, as if another process had made it."""
    try:
        os.remove(os.path.join(os.environ["XDG_RUNTIME_DIR"], "docker-credential-keyring.told"))
    except FileNotFoundError:
        pass


def main():
    vault, server, step = sys.argv[1], sys.argv[2].encode(), int(sys.argv[3])
    with open(vault, "rb") as file:
        data = file.read()
    credential = json.dumps({"ServerURL": "new.example", "Username": "u", "Secret": "s"}).encode()
    tried, accepted = 0, 0

    def write(content):
        with open(vault, "wb") as file:
            file.write(content)
        return os.stat(vault).st_ino

    for what, altered, try_store in alterations(data, step):
        inode = write(altered)
        for action, text in [("get", server)] + ([("store", credential)] if try_store else []):
            tried += 1
            forget_told()
            status, out, err = call(action, text)
            wrong = None
            if status != 1:
                wrong = f"exit {status}"
            elif not out.strip() or out.count(b"\n") != 1 or NOT_FOUND in out:
                wrong = "no reason"
            elif b"docker-credential-keyring" not in err:
                wrong = "no advice"
            with open(vault, "rb") as file:
                if file.read() != altered or os.stat(vault).st_ino != inode:
                    wrong = "the file was changed"
                    inode = write(altered)
            if wrong:
                accepted += 1
                print(f"{action}, {what}: {wrong}: {out!r} {err!r}")
    write(data)
    print(f"{tried} calls, {accepted} wrong")
    sys.exit(1 if accepted else 0)


if __name__ == "__main__":
    main()
