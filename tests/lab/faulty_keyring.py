# SPDX-License-Identifier: MIT
"""The fake service on a bus of its own, with a fault at one call, in the process of who tests with it.

  error         an error, and nothing is done
  gone          the same, as if there were no such object
  empty         a reply without a body, and nothing is done
  wrong         what was asked for is done, and the reply is of other types
  elsewhere     it is done, and the reply names objects that are not there
  late          it is done, and the reply comes late
  never         nothing is done, and no reply comes
  disconnect    the bus goes
  killed        the service goes
  relocked      the collection locks itself before the call
  done, error   it is done, and the reply is an error
"""

import os
import signal
import subprocess
import sys

import dbus
import dbus.bus
import dbus.lowlevel
import dbus.mainloop.glib
import fake_service
from gi.repository import GLib

FAULTS = [
    "error", "gone", "empty", "wrong", "elsewhere", "late", "never", "disconnect", "killed", "relocked", "done, error",
]
FAILED = "org.freedesktop.DBus.Error.Failed"
NO_OBJECT = "org.freedesktop.Secret.Error.NoSuchObject"
LATE = 300  # milliseconds

# Close to what is right. All others answer with a number.
WRONG = {
    "Properties.Get": ("v", dbus.Double(7)),
    "Properties.GetAll": ("a{ss}", dbus.Dictionary({"Locked": "no"}, signature="ss")),
    "Service.SearchItems": ("adad", [1.0], [2.0]),
    "Service.OpenSession": ("vo", "no key", "/org/freedesktop/secrets/session/s0"),
    "Service.Unlock": ("ao", []),
    "Item.GetSecret": ("(oay)", ("/org/freedesktop/secrets/session/s0", [1])),
    "Collection.CreateItem": ("o", "/org/freedesktop/secrets/collection/login/0"),
}
NOWHERE = "/org/freedesktop/secrets/collection/nowhere/1"
ELSEWHERE = {
    "Service.SearchItems": ("aoao", [NOWHERE], []),
    "Service.ReadAlias": ("o", NOWHERE),
    "Service.OpenSession": ("vo", dbus.ByteArray(b"\2"), NOWHERE),
    "Service.Unlock": ("aoo", [], NOWHERE),
    "Collection.CreateItem": ("oo", NOWHERE, "/"),
    "Item.Delete": ("o", NOWHERE),
}


class Faulty(fake_service.Service):
    """Answers in a fault's way at the call of that number."""

    def __init__(self, options, owner):
        super().__init__(options, owner)
        self.owner = owner

    def answer(self, call, message):
        fault = self.owner.fault_of(call)
        if fault == "late":
            GLib.timeout_add(LATE, super().answer, call, message)
        elif fault == "relocked":
            self.locked = True
            super().answer(call, message)
        elif fault in ("wrong", "done, error") or (fault == "elsewhere" and call in ELSEWHERE):
            self.owner.reply = self.bad_reply(fault, call, message)
            super().answer(call, message)
        elif fault in ("error", "gone", "empty"):
            self.owner.send_message(self.bad_reply(fault, call, message))
        elif fault == "killed":
            self.owner.leave()
        elif fault == "disconnect":
            self.owner.end_bus()
        elif fault in ("", "elsewhere"):
            super().answer(call, message)
        return False

    @staticmethod
    def bad_reply(fault, call, message):
        if fault in ("error", "done, error"):
            return dbus.lowlevel.ErrorMessage(message, FAILED, "the disk is full")
        if fault == "gone":
            return dbus.lowlevel.ErrorMessage(message, NO_OBJECT, "no such object")
        reply = dbus.lowlevel.MethodReturnMessage(message)
        if fault != "empty":
            signature, *values = ELSEWHERE[call] if fault == "elsewhere" else WRONG.get(call, ("d", 7.0))
            reply.append(*values, signature=signature)
        return reply

    def complete(self, path, dismissed):
        if self.owner.fault == "wrong" and self.owner.was_met and self.owner.seen[-1] == "Prompt.Prompt":
            self.prompts.pop(path, None)
            completed = dbus.lowlevel.SignalMessage(path, fake_service.SECRET + "Prompt", "Completed")
            completed.append("yes", signature="s")
            self.owner.send_message(completed)
            return False
        return super().complete(path, dismissed)


class Keyring:
    def __init__(self, folder):
        dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
        self.folder = folder
        self.address = f"unix:path={folder}/bus"
        sys.argv = ["", "--log", "/dev/null", "--state", f"{folder}/state", "--ready", "/dev/null"]
        self.service = Faulty(fake_service.arguments(), self)
        self.bus = self.connection = None
        self.fault, self.when, self.seen, self.was_met, self.reply = "", 0, [], False, None
        self.heal()

    # --- what a test does with it ---

    def items(self):
        return self.service.items

    def reset(self, items):
        self.heal()
        self.service.items = items
        self.service.sessions.clear()
        self.service.prompts.clear()
        self.set(delete="plain", create="prompt")
        self.service.has_collection = True

    def set(self, **state):
        for name, value in state.items():
            holder = self.service.options if hasattr(self.service.options, name) else self.service
            setattr(self.service if name == "locked" else holder, name, value)

    def fail_at(self, number, fault):
        self.when, self.fault, self.was_met, self.seen = number, fault, False, []

    def heal(self):
        """Works again, unlocked, with what it has."""
        self.fail_at(0, "")
        self.service.locked = False
        self.reply = None
        if self.bus is None:
            self.start_bus()
        if self.connection is None:
            self.join()

    def serve(self):
        """What there is to do, or a moment."""
        alarm = GLib.timeout_add(5, lambda: False)
        GLib.MainContext.default().iteration(True)
        if GLib.MainContext.default().find_source_by_id(alarm):
            GLib.source_remove(alarm)

    def end(self):
        self.leave()
        self.end_bus()

    # --- what the service does with it ---

    def fault_of(self, call):
        self.seen.append(call)
        if len(self.seen) != self.when:
            return ""
        self.was_met = True
        return self.fault

    def send_message(self, message):
        if self.reply is not None:
            message, self.reply = self.reply, None
        if self.connection is not None:
            self.connection.send_message(message)

    def leave(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def join(self):
        self.connection = dbus.bus.BusConnection(self.address)
        self.connection.set_exit_on_disconnect(False)
        self.connection.add_message_filter(self.service.on_message)
        self.connection.request_name("org.freedesktop.secrets", dbus.bus.NAME_FLAG_DO_NOT_QUEUE)

    def start_bus(self):
        config = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bus-without-services.conf")
        arguments = [f"--config-file={config}", f"--address={self.address}", "--print-address"]
        with open(f"{self.folder}/bus.log", "ab") as log:
            self.bus = subprocess.Popen(
                ["dbus-daemon", "--nofork", "--nopidfile", *arguments],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
            )
        if not self.bus.stdout.readline():
            sys.exit(f"no bus; see {self.folder}/bus.log")

    def end_bus(self):
        self.connection = None
        self.bus.send_signal(signal.SIGKILL)
        self.bus.wait()
        self.bus.stdout.close()
        self.bus = None
        if os.path.exists(f"{self.folder}/bus"):
            os.remove(f"{self.folder}/bus")
