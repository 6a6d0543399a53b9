#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Names every file that holds one of the secrets given on stdin, one a line.

A secret is looked for as it is, in base64 (both alphabets, at any place inside a longer text, such
as user:password) and in hexadecimal. Exit status: 0 none found, 1 found, 2 a file that could not
be read.

usage: find_secret.py FOLDER...
"""

import base64
import os
import stat
import sys


def encodings(secret):
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    # Three bytes make four letters: the letters that the bytes before or behind it share are cut.
    for lead in range(3):
        encoded = base64.b64encode(bytes(lead) + secret)
        tail = (lead + len(secret)) % 3
        begin = (0, 2, 3)[lead]
        end = len(encoded) - (0, 3, 2)[tail]
        yield encoded[begin:end]
        yield encoded[begin:end].replace(b"+", b"-").replace(b"/", b"_")


def files(folders):
    def refuse(error):
        raise error

    for folder in folders:
        for here, _, names in os.walk(folder, onerror=refuse):
            for name in names:
                path = os.path.join(here, name)
                if stat.S_ISREG(os.lstat(path).st_mode):
                    yield path


def main():
    secrets = [line.rstrip(b"\n") for line in sys.stdin.buffer]
    if not secrets or min(map(len, secrets)) < 8:
        sys.exit("find_secret.py: no secret given, or one too short to be looked for")
    wanted = {form for secret in secrets for form in encodings(secret)}
    found = 0
    try:
        for path in files(sys.argv[1:]):
            try:
                with open(path, "rb") as file:
                    data = file.read()
            except FileNotFoundError:
                continue  # a temporary file that its owner has removed
            if any(form in data for form in wanted):
                print(path)
                found = 1
    except OSError as error:
        print(f"find_secret.py: {error}", file=sys.stderr)
        sys.exit(2)
    sys.exit(found)


if __name__ == "__main__":
    main()
