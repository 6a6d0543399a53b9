#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Pulls or removes an image by a container runtime's interface for the kubelet (CRI v1), as the
kubelet does.

  cri.py SOCKET version
  cri.py SOCKET pull IMAGE [SERVER_ADDRESS] <CREDENTIALS
  cri.py SOCKET remove IMAGE

CREDENTIALS is a JSON list of {"username": …, "password": …}: they are tried one after the other, and
an empty list means without. The kubelet names no SERVER_ADDRESS. Prints the image's reference; on
failure the runtime's words go to stderr.
"""

import json
import sys

import grpc

TIMEOUT = 60


def field(number, value):
    """A text or a message as a field of a protobuf message; an empty one is left out."""
    data = value.encode() if isinstance(value, str) else value
    length, size = len(data), b""
    while length > 0x7F:
        size += bytes([length & 0x7F | 0x80])
        length >>= 7
    return bytes([number << 3 | 2]) + size + bytes([length]) + data if data else b""


def first_text(message):
    """The first field of a message, a text shorter than 128 bytes."""
    assert message[0] == 1 << 3 | 2 and message[1] < 0x80, message
    return message[2 : 2 + message[1]].decode()


def main():
    socket, action, *arguments = sys.argv[1:]
    channel = grpc.insecure_channel("unix:" + socket)

    def call(method, message):
        return channel.unary_unary("/runtime.v1." + method)(message, timeout=TIMEOUT)

    if action == "version":
        call("RuntimeService/Version", b"")
        return 0
    image = field(1, field(1, arguments[0]))
    if action == "remove":
        call("ImageService/RemoveImage", image)
        return 0
    server_address = arguments[1] if arguments[1:] else ""
    for login in json.load(sys.stdin) or [{"username": "", "password": ""}]:
        auth = field(1, login["username"]) + field(2, login["password"]) + field(4, server_address)
        try:
            print(first_text(call("ImageService/PullImage", image + field(2, auth))))
            return 0
        except grpc.RpcError as error:
            print(error.details(), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
