#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A Secret Service that can be told to misbehave.

It owns org.freedesktop.secrets on the session bus, holds one collection ("login") and the items
given by --item, and keeps three files: --log gets a line for each call ("Service.SearchItems
unlocked=1 locked=0"; never a secret), --state is the array of items as JSON after each change, and
--ready appears when the name is owned. Messages are handled one by one rather than through
dbus-python's objects, so that a fault can sit anywhere.

--item JSON: {"server", "username", "secret"} and, where wanted, "label", "schema", "created",
"modified" (seconds), "attributes" (added; null removes one), "locked" (on its own), "dangling"
(found, but there is no such object).
"""

import argparse
import json
import os
import sys

import dbus
import dbus.lowlevel
import dbus.mainloop.glib
from gi.repository import GLib

ROOT = "/org/freedesktop/secrets"
LOGIN = ROOT + "/collection/login"
DEFAULT_ALIAS = ROOT + "/aliases/default"
SECRET = "org.freedesktop.Secret."
PROPERTIES = "org.freedesktop.DBus.Properties"
DH = "dh-ietf1024-sha256-aes128-cbc-pkcs7"
SCHEMA = "io.docker.Credentials"

# RFC 2409's second Oakley group, which the Secret Service's only encrypted session uses.
PRIME = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--log", required=True)
    add("--state", required=True)
    add("--ready", required=True)
    add("--item", action="append", default=[], type=json.loads, help="an item to begin with")
    add("--dh", choices=["yes", "refused", "broken"], default="yes",
        help="an encrypted session: made, NotSupported, or another error (kwallet without qca)")
    add("--locked", action="store_true", help="the collection is locked")
    add("--hide-locked", action="store_true", help="a locked collection's items are not found")
    add("--prompt", choices=["ok", "dismissed", "hanging", "none"], default="ok",
        help="what comes of a prompt; none: there is no such object; the unlocking never happens")
    add("--dismissal", choices=["list", "text"], default="list",
        help="what Completed carries when nothing was granted: a list of no paths, or a text")
    add("--no-prompt-needed", action="store_true", help="Unlock works without a prompt")
    add("--relock", type=int, default=0, metavar="N",
        help="the first N of CreateItem, GetSecret(s) and Delete find everything locked again")
    add("--no-collection", action="store_true", help="the alias `default` is `/`")
    add("--create", choices=["plain", "prompt", "refused"], default="plain",
        help="what CreateCollection does")
    add("--delay", type=int, default=0, metavar="MS", help="every reply is this late")
    add("--silent", action="append", default=[], metavar="METHOD",
        help="never replied to, such as Service.SearchItems; `all`: nothing is")
    add("--deny-first", action="store_true",
        help="each caller's first SearchItems is denied as not implemented, as gnome-keyring does at times")
    add("--delete", choices=["plain", "prompt"], default="plain",
        help="Delete does it, or returns a prompt as KeePassXC does")
    add("--delete-lies", action="store_true", help="Delete succeeds and deletes nothing")
    return parser.parse_args()


class Fault(Exception):
    """An error reply."""

    def __init__(self, name, text=""):
        super().__init__(text or name)
        self.name = name


def is_locked_fault():
    return Fault(SECRET + "Error.IsLocked", "locked")


class PlainSession:
    """Secrets cross the bus as they are."""

    def encode(self, secret):
        return b"", secret

    def decode(self, parameters, value):
        del parameters
        return value


class EncryptedSession:
    """Secrets cross the bus under AES-128-CBC, keyed by Diffie-Hellman."""

    def __init__(self, peer):
        # Only tests that use an encrypted session need python3-cryptography.
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        private = int.from_bytes(os.urandom(128), "big") % PRIME
        self.public = pow(2, private, PRIME).to_bytes(128, "big")
        shared = pow(int.from_bytes(peer, "big"), private, PRIME).to_bytes(128, "big")
        self.key = HKDF(algorithm=hashes.SHA256(), length=16, salt=None, info=b"").derive(shared)

    def cipher(self, iv):
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        return Cipher(algorithms.AES(self.key), modes.CBC(iv))

    def encode(self, secret):
        iv = os.urandom(16)
        pad = 16 - len(secret) % 16
        encryptor = self.cipher(iv).encryptor()
        return iv, encryptor.update(secret + bytes([pad]) * pad) + encryptor.finalize()

    def decode(self, parameters, value):
        decryptor = self.cipher(parameters).decryptor()
        padded = decryptor.update(value) + decryptor.finalize()
        return padded[: -padded[-1]]


class Item:
    def __init__(self, spec):
        server = spec.get("server", "")
        attributes = {
            "xdg:schema": spec.get("schema", SCHEMA),
            "label": "Docker Credentials",
            "server": server,
            "username": spec.get("username", ""),
            "docker_cli": "1",
        }
        attributes.update(spec.get("attributes", {}))
        self.attributes = {k: v for k, v in attributes.items() if v is not None}
        self.label = spec.get("label", "Registry credentials for " + server)
        self.secret = spec.get("secret", "").encode()
        self.created = spec.get("created", 1000)
        self.modified = spec.get("modified", self.created)
        self.locked = spec.get("locked", False)
        self.dangling = spec.get("dangling", False)

    def matches(self, wanted):
        return all(self.attributes.get(k) == v for k, v in wanted.items())


class Service:
    def __init__(self, options, connection):
        self.options = options
        self.connection = connection
        self.locked = options.locked
        self.has_collection = not options.no_collection
        self.relocks = options.relock
        self.known = set()  # callers that searched before
        self.sessions = {}
        self.prompts = {}  # path → what happens when it is granted, and what Completed then carries
        self.items = {}
        self.made = 0
        self.clock = 2_000_000_000
        for spec in options.item:
            self.add(Item(spec))
        self.save()
        self.log_file = open(options.log, "a", encoding="utf-8", buffering=1)

    # --- the three files ---

    def log(self, call, **facts):
        self.log_file.write(" ".join([call, *(f"{k}={v}" for k, v in facts.items())]) + "\n")

    def save(self):
        items = [
            {
                "server": i.attributes.get("server"),
                "username": i.attributes.get("username"),
                "secret": i.secret.decode("utf-8", "replace"),
                "label": i.label,
                "attributes": i.attributes,
                "created": i.created,
                "modified": i.modified,
            }
            for i in self.items.values()
        ]
        temporary = self.options.state + ".new"
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(items, file)
        os.rename(temporary, self.options.state)

    # --- what it holds ---

    def number(self):
        self.made += 1
        return self.made

    def add(self, item):
        path = f"{LOGIN}/{self.number()}"
        self.items[path] = item
        return path

    def is_locked(self, path):
        return self.locked or self.items[path].locked

    def item_at(self, path):
        if path not in self.items or self.items[path].dangling:
            raise Fault(SECRET + "Error.NoSuchObject", "no such item")
        return self.items[path]

    def search(self, wanted):
        if not self.has_collection or (self.locked and self.options.hide_locked):
            return [], []
        found = [p for p, i in self.items.items() if i.matches(wanted)]
        return ([p for p in found if not self.is_locked(p)], [p for p in found if self.is_locked(p)])

    def maybe_deny(self, caller):
        if self.options.deny_first and caller not in self.known:
            self.known.add(caller)
            raise Fault("org.freedesktop.DBus.Error.UnknownMethod", "not implemented")

    def maybe_relock(self):
        if self.relocks:
            self.relocks -= 1
            self.locked = True
            raise is_locked_fault()

    def unlock(self, paths):
        for path in paths:
            if path in (LOGIN, DEFAULT_ALIAS):
                self.locked = False
            elif path in self.items:
                # gnome-keyring and kwallet open the collection around an item as well.
                self.locked = False
                self.items[path].locked = False

    def prompt(self, granted, result):
        path = f"{ROOT}/prompt/p{self.number()}"
        self.prompts[path] = (granted, result)
        return path

    def packed(self, session, secret):
        if session not in self.sessions:
            raise Fault(SECRET + "Error.NoSession", "no such session")
        parameters, value = self.sessions[session].encode(secret)
        return dbus.Struct(
            (session, dbus.ByteArray(parameters), dbus.ByteArray(value), "text/plain"),
            signature="oayays",
        )

    def unpacked(self, session, parameters, value):
        if session not in self.sessions:
            raise Fault(SECRET + "Error.NoSession", "no such session")
        return self.sessions[session].decode(bytes(parameters), bytes(value))

    # --- calls: each returns (signature, values…) of its reply ---

    def Service_OpenSession(self, path, algorithm, peer):
        del path
        if algorithm == DH and self.options.dh == "refused":
            raise Fault("org.freedesktop.DBus.Error.NotSupported", "no such algorithm")
        if algorithm == DH and self.options.dh == "broken":
            raise Fault("org.freedesktop.DBus.Error.Failed", "createDLGroup failed")
        session = f"{ROOT}/session/s{self.number()}"
        if algorithm == DH:
            self.sessions[session] = EncryptedSession(bytes(peer))
            output = dbus.ByteArray(self.sessions[session].public)
        elif algorithm == "plain":
            self.sessions[session] = PlainSession()
            output = ""
        else:
            raise Fault("org.freedesktop.DBus.Error.NotSupported", "no such algorithm")
        self.log("session", algorithm="dh" if algorithm == DH else "plain")
        return "vo", output, session

    def Session_Close(self, path):
        self.sessions.pop(path, None)
        return ("",)

    def Service_SearchItems(self, path, wanted):
        del path
        return ("aoao", *self.search(wanted))

    def Collection_SearchItems(self, path, wanted):
        del path
        unlocked, locked = self.search(wanted)
        return "ao", unlocked + locked

    def Service_ReadAlias(self, path, name):
        del path
        return "o", LOGIN if self.has_collection and name in ("default", "login") else "/"

    def Service_SetAlias(self, path, name, collection):
        del path, name, collection
        return ("",)

    def Service_CreateCollection(self, path, properties, alias):
        del path, properties, alias
        if self.options.create == "refused":
            raise Fault("org.freedesktop.DBus.Error.NotSupported", "only one collection")

        def create():
            self.has_collection = True
            self.locked = False

        if self.options.create == "prompt":
            return "oo", "/", self.prompt(create, dbus.ObjectPath(LOGIN))
        create()
        return "oo", LOGIN, "/"

    def Service_Lock(self, path, paths):
        del path
        self.locked = True
        return "aoo", list(paths), "/"

    def Service_Unlock(self, path, paths):
        del path
        paths = list(paths)
        closed = [p for p in paths if (self.is_locked(p) if p in self.items else self.locked)]
        if self.options.no_prompt_needed:
            self.unlock(closed)
            closed = []
        if not closed:
            return "aoo", paths, "/"
        done = dbus.Array(closed, signature="o")
        prompt = self.prompt(lambda: self.unlock(closed), done)
        return "aoo", [p for p in paths if p not in closed], prompt

    def Service_GetSecrets(self, path, paths, session):
        del path
        self.maybe_relock()
        secrets = {
            p: self.packed(session, self.item_at(p).secret)
            for p in paths
            if p in self.items and not self.items[p].dangling and not self.is_locked(p)
        }
        return "a{o(oayays)}", dbus.Dictionary(secrets, signature="o(oayays)")

    def Item_GetSecret(self, path, session):
        item = self.item_at(path)
        self.maybe_relock()
        if self.is_locked(path):
            raise is_locked_fault()
        return "(oayays)", self.packed(session, item.secret)

    def Item_SetSecret(self, path, secret):
        item = self.item_at(path)
        self.maybe_relock()
        if self.is_locked(path):
            raise is_locked_fault()
        session, parameters, value, _ = secret
        item.secret = self.unpacked(session, parameters, value)
        item.modified = self.tick()
        self.save()
        return ("",)

    def Item_Delete(self, path):
        self.item_at(path)
        self.maybe_relock()
        if self.is_locked(path):
            raise is_locked_fault()

        def delete():
            if not self.options.delete_lies:
                del self.items[path]
            self.save()

        if self.options.delete == "prompt":
            return "o", self.prompt(delete, dbus.String(""))
        delete()
        return "o", "/"

    def Collection_CreateItem(self, path, properties, secret, replace):
        if path not in (LOGIN, DEFAULT_ALIAS) or not self.has_collection:
            raise Fault(SECRET + "Error.NoSuchObject", "no such collection")
        self.maybe_relock()
        if self.locked:
            raise is_locked_fault()
        session, parameters, value, _ = secret
        item = Item({})
        item.attributes = {str(k): str(v) for k, v in properties[SECRET + "Item.Attributes"].items()}
        item.label = str(properties.get(SECRET + "Item.Label", ""))
        item.secret = self.unpacked(session, parameters, value)
        item.created = item.modified = self.tick()
        same = [p for p, i in self.items.items() if replace and i.attributes == item.attributes]
        if same:
            item.created = self.items[same[0]].created
            self.items[same[0]] = item
            created = same[0]
        else:
            created = self.add(item)
        self.save()
        return "oo", created, "/"

    def Collection_Delete(self, path):
        del path
        raise Fault("org.freedesktop.DBus.Error.NotSupported", "the collection stays")

    def Prompt_Prompt(self, path, window):
        del window
        if path not in self.prompts or self.options.prompt == "none":
            raise Fault("org.freedesktop.DBus.Error.UnknownObject", "no such prompt")
        if self.options.prompt != "hanging":
            GLib.timeout_add(20, self.complete, path, self.options.prompt == "dismissed")
        return ("",)

    def Prompt_Dismiss(self, path):
        if path not in self.prompts or self.options.prompt == "none":
            raise Fault("org.freedesktop.DBus.Error.UnknownObject", "no such prompt")
        GLib.timeout_add(20, self.complete, path, True)
        return ("",)

    def complete(self, path, dismissed):
        if path in self.prompts:
            granted, result = self.prompts.pop(path)
            if not dismissed:
                granted()
                self.log("unlocked" if not self.locked else "prompted")
            signal = dbus.lowlevel.SignalMessage(path, SECRET + "Prompt", "Completed")
            if dismissed:
                as_text = self.options.dismissal == "text"
                result = dbus.String("") if as_text else dbus.Array([], signature="o")
            signal.append(dismissed, result, signature="bv")
            self.connection.send_message(signal)
        return False

    def tick(self):
        self.clock += 1
        return self.clock

    # --- properties ---

    def properties(self, path):
        """The interface of the object at path, and its properties."""
        if path == ROOT:
            collections = [LOGIN] if self.has_collection else []
            return "Service", {"Collections": dbus.Array(collections, signature="o")}
        if path in (LOGIN, DEFAULT_ALIAS) and self.has_collection:
            hidden = self.locked and self.options.hide_locked
            return "Collection", {
                "Items": dbus.Array([] if hidden else list(self.items), signature="o"),
                "Label": "Login",
                "Locked": self.locked,
                "Created": dbus.UInt64(1),
                "Modified": dbus.UInt64(1),
            }
        if path in self.items:
            item = self.item_at(path)
            return "Item", {
                "Locked": self.is_locked(path),
                "Attributes": dbus.Dictionary(item.attributes, signature="ss"),
                "Label": item.label,
                "Created": dbus.UInt64(item.created),
                "Modified": dbus.UInt64(item.modified),
            }
        raise Fault("org.freedesktop.DBus.Error.UnknownObject", "no such object")

    def Properties_GetAll(self, path, interface):
        own, values = self.properties(path)
        if interface != SECRET + own:
            values = {}
        return "a{sv}", dbus.Dictionary(values, signature="sv")

    def Properties_Get(self, path, interface, name):
        own, values = self.properties(path)
        if interface != SECRET + own or name not in values:
            raise Fault("org.freedesktop.DBus.Error.UnknownProperty", "no such property")
        return "v", values[name]

    def Properties_Set(self, path, interface, name, value):
        del interface
        item = self.item_at(path)
        if name == "Label":
            item.label = str(value)
        elif name == "Attributes":
            item.attributes = {str(k): str(v) for k, v in value.items()}
        self.save()
        return ("",)

    # --- messages ---

    def on_message(self, connection, message):
        del connection
        if message.get_type() != dbus.lowlevel.MESSAGE_TYPE_METHOD_CALL:
            return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
        interface, method = message.get_interface() or "", message.get_member()
        if interface.startswith(SECRET):
            call = f"{interface[len(SECRET):]}.{method}"
        elif interface == PROPERTIES:
            call = f"Properties.{method}"
        else:
            return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
        if call in self.options.silent or "all" in self.options.silent:
            self.log(call, reply="never")
        elif self.options.delay:
            GLib.timeout_add(self.options.delay, self.answer, call, message)
        else:
            self.answer(call, message)
        return dbus.lowlevel.HANDLER_RESULT_HANDLED

    def answer(self, call, message):
        facts = {}
        try:
            handler = getattr(self, call.replace(".", "_"), None)
            if handler is None:
                raise Fault("org.freedesktop.DBus.Error.UnknownMethod", "no such method")
            if call == "Service.SearchItems":
                self.maybe_deny(message.get_sender())
            plain = [self.plain(a) for a in message.get_args_list(byte_arrays=True)]
            signature, *values = handler(str(message.get_path()), *plain)
            reply = dbus.lowlevel.MethodReturnMessage(message)
            if signature:
                reply.append(*values, signature=signature)
            if call.endswith(".SearchItems"):
                facts = {"found": sum(len(v) for v in values)}
        except Fault as fault:
            reply = dbus.lowlevel.ErrorMessage(message, fault.name, str(fault))
            facts = {"error": fault.name.rsplit(".", 1)[-1]}
        self.log(call, **facts)
        self.connection.send_message(reply)
        return False

    @staticmethod
    def plain(value):
        """dbus-python's strings and paths as str, so that they compare and hash as such."""
        if isinstance(value, (dbus.ObjectPath, dbus.String)):
            return str(value)
        if isinstance(value, dbus.Array):
            return [Service.plain(v) for v in value]
        if isinstance(value, dbus.Struct):
            return [Service.plain(v) for v in value]
        if isinstance(value, dbus.Dictionary):
            return {Service.plain(k): Service.plain(v) for k, v in value.items()}
        return value


def main():
    options = arguments()
    loop = GLib.MainLoop()
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    service = Service(options, bus)
    bus.add_message_filter(service.on_message)
    flags = dbus.bus.NAME_FLAG_DO_NOT_QUEUE
    if bus.request_name("org.freedesktop.secrets", flags) != dbus.bus.REQUEST_NAME_REPLY_PRIMARY_OWNER:
        sys.exit("fake_service: org.freedesktop.secrets has an owner already")
    with open(options.ready, "w", encoding="utf-8"):
        pass
    loop.run()


if __name__ == "__main__":
    main()
