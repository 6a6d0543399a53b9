#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""kwallet_login.py SOCKET: becomes a kwalletd5 whose wallet is open, as after a login through PAM. It gets the
key, which is always the same, by a pipe, and the environment by a socket."""

import os
import socket
import sys

KEY = bytes(range(56))


def send_environment(path):
    with socket.socket(socket.AF_UNIX) as sender:
        sender.connect(path)
        for name, value in os.environ.items():
            if "\n" not in value:
                sender.sendall(f"{name}={value}\n".encode())


def main():
    path = sys.argv[1]
    if os.path.exists(path):
        os.remove(path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(1)
    reader, writer = os.pipe()
    os.write(writer, KEY)
    os.close(writer)
    if os.fork() == 0:
        send_environment(path)
        os._exit(0)
    for descriptor in (reader, listener.fileno()):
        os.set_inheritable(descriptor, True)
    os.execvp("kwalletd5", ["kwalletd5", "--pam-login", str(reader), str(listener.fileno())])


if __name__ == "__main__":
    main()
