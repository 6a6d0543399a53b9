# SPDX-License-Identifier: MIT
"""A connection that is cut between a write and its answer: passes bytes on from one address to another, until a
client has sent more than so many at once, which is a vault. Then the answer is kept back, the file FOLDER/held is
made, and when FOLDER/go is there the connection is cut. All others are passed on.

  cutting_proxy.py FROM TO BYTES FOLDER      each HOST:PORT
"""

import pathlib
import select
import socket
import sys
import threading
import time


def address(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


source, target, most, folder = address(sys.argv[1]), address(sys.argv[2]), int(sys.argv[3]), pathlib.Path(sys.argv[4])


def wait_to_cut():
    (folder / "held").touch()
    while not (folder / "go").exists():
        time.sleep(0.01)


def serve(client):
    server = socket.create_connection(target)
    with client, server:
        sent = 0  # since the server last said something
        while True:
            readable = select.select([client, server], [], [])[0]
            for side in readable:
                data = side.recv(1 << 20)
                if not data:
                    return
                if side is server:
                    if sent > most and not (folder / "held").exists():
                        wait_to_cut()
                        return
                    sent = 0
                    client.sendall(data)
                else:
                    sent += len(data)
                    server.sendall(data)


def guarded(client):
    try:
        serve(client)
    except OSError:
        pass  # one of both is gone


listener = socket.create_server(source)
print("ready", flush=True)
while True:
    threading.Thread(target=guarded, args=(listener.accept()[0],), daemon=True).start()
