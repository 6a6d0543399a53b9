# SPDX-License-Identifier: MIT
"""A bus with an unlocked gnome-keyring, one for each process that asks for it; both end with it."""

import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import time

CONFIG = pathlib.Path(__file__).parents[1] / "lab/bus-without-services.conf"
PATIENCE = 120  # seconds
PR_SET_PDEATHSIG = 1

_addresses = {}


def _with_us():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _start(folder, name, command, stdin=None):
    with open(folder / f"{name}.log", "ab") as log:
        environment = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={folder / 'bus'}"
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment,
                                 preexec_fn=_with_us)
        child.stdin.write(stdin or b"")
        child.stdin.close()
        return child


def _wait_until(is_so):
    end = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end:
            raise RuntimeError("the keyring does not come")
        time.sleep(0.02)


def address():
    """Of the bus of this process."""
    if os.getpid() not in _addresses:
        folder = pathlib.Path(os.environ["LAB"]) / f"keyring-{os.getpid()}"
        folder.mkdir(mode=0o700)
        bus = f"unix:path={folder / 'bus'}"
        _start(folder, "bus", ["dbus-daemon", "--nofork", "--nopidfile", f"--config-file={CONFIG}", f"--address={bus}"])
        _wait_until((folder / "bus").exists)
        _start(folder, "daemon", ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"], b"pw1")
        ask = ["gdbus", "call", "--address", bus, "-d", "org.freedesktop.DBus", "-o", "/org/freedesktop/DBus", "-m",
               "org.freedesktop.DBus.NameHasOwner", "org.freedesktop.secrets"]
        _wait_until(lambda: b"true" in subprocess.run(ask, capture_output=True, check=False).stdout)
        _addresses[os.getpid()] = bus
    return _addresses[os.getpid()]


def empty(world):
    """Takes out all that the keyring of this process has of docker's."""
    if shutil.which("secret-tool") is None:
        raise RuntimeError("secret-tool is missing")
    world.run(["secret-tool", "clear", "docker_cli", "1"])
