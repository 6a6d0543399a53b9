#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A second reader and writer of the vault's format 1, written from its description alone.

  second_reader.py dump VAULT KEY            JSON of all that a vault holds
  second_reader.py header VAULT              its header, without any key
  second_reader.py open-ticket VAULT --payload-file F
                                             the same as dump, by the kernel key's T and K
  second_reader.py make VAULT SLOT… [--credential SERVER USERNAME SECRET]… [--seed TEXT] [FAULT…]

KEY is --key-file F, --passphrase-file F or --sealed-file F (the 32 bytes that clevis seals). A SLOT is
one of these, and may be given more than once. A fault makes a vault that ours must refuse; each is
explained at its option. With --seed the file is the same each time.

Exit 1 and one line on stderr: refused.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import struct
import sys
import time

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt as aead_open,
    crypto_aead_xchacha20poly1305_ietf_encrypt as aead_seal,
    crypto_pwhash_ALG_ARGON2ID13,
    crypto_pwhash_alg,
)
from nacl.exceptions import CryptoError

FIRST_LINE = b"docker-credential-keyring vault 1\n"
MIB = 1 << 20
PARAMS = {
    "passphrase": {"mem", "ops", "salt"},
    "key-file": {"path", "salt"},
    "clevis": {"pin", "salt", "sealed"},
}


class Refused(Exception):
    pass


def check(condition, text):
    if not condition:
        raise Refused(text)


# --- bytes as text -------------------------------------------------------------------------------


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text, length):
    check(isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9_-]*", text), "not base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    check(len(data) == length and b64(data) == text, f"not {length} bytes in base64url")
    return data


def unhex(text, length):
    check(isinstance(text, str) and re.fullmatch(r"[0-9a-f]{%d}" % (2 * length), text), "not hex")
    return bytes.fromhex(text)


def canonical(document):
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


# --- keys ----------------------------------------------------------------------------------------


def keyed_by_file(data, salt):
    material = data.rstrip(b"\r\n")
    check(32 <= len(material) <= 4096, "key material: expected 32 to 4096 bytes")
    return hashlib.blake2b(material, digest_size=32, salt=salt, person=b"dckv1 key file  ").digest()


def keyed_by_sealed(sealed, salt):
    check(len(sealed) == 32, "sealed secret: expected 32 bytes")
    return hashlib.blake2b(sealed, digest_size=32, salt=salt, person=b"dckv1 sealed    ").digest()


def keyed_by_passphrase(passphrase, salt, ops, mem):
    check(1 <= len(passphrase) <= 1023, "passphrase: expected 1 to 1023 bytes")
    check(1 <= ops <= 32 and 8 * MIB <= mem <= 1024 * MIB, "Argon2id: beyond the limits")
    check(ops * mem <= 4096 * MIB, "Argon2id: beyond the limits")
    return crypto_pwhash_alg(32, passphrase, salt, ops, mem, crypto_pwhash_ALG_ARGON2ID13)


def commitment(data_key, vault_id):
    return hashlib.blake2b(vault_id, digest_size=32, key=data_key, person=b"dckv1 commitment").hexdigest()


def box_key(data_key):
    """crypto_kdf_derive_from_key(32, 1, "dckvault", data_key)"""
    return hashlib.blake2b(
        b"", digest_size=32, key=data_key, salt=struct.pack("<QQ", 1, 0), person=b"dckvault".ljust(16, b"\0")
    ).digest()


def wrap_context(vault_id, slot_id, kind):
    return b"dckv1 wrap" + vault_id + slot_id + kind.encode()


def unwrap(slot, vault_id, key):
    """The data key, or None if this key does not open this slot."""
    salt = unb64(slot["params"]["salt"], 16)
    kind, material = key
    if kind != slot["kind"]:
        return None
    if kind == "passphrase":
        kek = keyed_by_passphrase(material, salt, slot["params"]["ops"], slot["params"]["mem"])
    elif kind == "key-file":
        kek = keyed_by_file(material, salt)
    else:
        kek = keyed_by_sealed(material, salt)
    wrap = unb64(slot["wrap"], 72)
    try:
        return aead_open(wrap[24:], wrap_context(vault_id, unhex(slot["id"], 4), kind), wrap[:24], kek)
    except CryptoError:
        return None


# --- reading -------------------------------------------------------------------------------------


def parse_header(line):
    check(len(line) <= MIB, "header: more than 1 MiB")
    try:
        header = json.loads(line.decode())
    except ValueError as error:
        raise Refused("header: not JSON") from error
    check(isinstance(header, dict) and canonical(header) == line, "header: not canonical")
    check(set(header) == {"generation", "id", "key", "slots"}, "header: other members")
    check(type(header["generation"]) is int and header["generation"] >= 0, "generation: no number")
    unhex(header["id"], 16)
    unhex(header["key"], 32)
    slots = header["slots"]
    check(isinstance(slots, list) and 1 <= len(slots) <= 32, "slots: expected 1 to 32")
    for slot in slots:
        check(isinstance(slot, dict), "slot: not an object")
        check(set(slot) == {"created", "id", "kind", "label", "params", "wrap"}, "slot: other members")
        check(slot["kind"] in PARAMS, "slot: unknown kind")
        check(type(slot["created"]) is int, "created: no number")
        check(isinstance(slot["label"], str), "label: no text")
        unhex(slot["id"], 4)
        unb64(slot["wrap"], 72)
        params = slot["params"]
        check(isinstance(params, dict) and set(params) == PARAMS[slot["kind"]], "params: other members")
        unb64(params["salt"], 16)
    check(len({slot["id"] for slot in slots}) == len(slots), "slots: two with the same id")
    return header


def parse_credentials(data):
    position = 0

    def take(count):
        nonlocal position
        check(position + count <= len(data), "credentials: cut short")
        position += count
        return data[position - count : position]

    def text():
        return take(struct.unpack("<I", take(4))[0])

    found, last = {}, None
    for _ in range(struct.unpack("<I", take(4))[0]):
        server, username, secret = text(), text(), text()
        check(last is None or server > last, "credentials: servers are not in order")
        last = server
        found[server.decode()] = {
            "username": username.decode(),
            "secret": secret.decode(),
            "stored_at": struct.unpack("<Q", take(8))[0],
        }
    check(position == len(data), "credentials: bytes left over")
    return found


def split(data):
    check(len(data) <= 64 * MIB, "more than 64 MiB")
    check(data.startswith(FIRST_LINE), "unknown version")
    end = data.find(b"\n", len(FIRST_LINE))
    check(end >= 0, "no header")
    return parse_header(data[len(FIRST_LINE) : end]), data[: end + 1], data[end + 1 :]


def read_credentials(data, data_key):
    header, context, box = split(data)
    vault_id = unhex(header["id"], 16)
    check(commitment(data_key, vault_id) == header["key"], "opened with a key of another vault")
    check(len(box) >= 24 + 16 + 1024, "box: cut short")
    try:
        padded = aead_open(box[24:], context, box[:24], box_key(data_key))
    except CryptoError as error:
        raise Refused("altered") from error
    check(len(padded) % 1024 == 0, "padding: not a multiple of 1024")
    stripped = padded.rstrip(b"\0")
    check(stripped.endswith(b"\x80") and len(padded) - len(stripped) < 1024, "padding: malformed")
    return {
        "generation": header["generation"],
        "id": header["id"],
        "slots": header["slots"],
        "credentials": parse_credentials(stripped[:-1]),
    }


def read_vault(data, key):
    header, _, _ = split(data)
    vault_id = unhex(header["id"], 16)
    for slot in header["slots"]:
        data_key = unwrap(slot, vault_id, key)
        if data_key is not None:
            return read_credentials(data, data_key)
    raise Refused("this key opens no slot")


def read_by_ticket(vault, payload):
    check(len(payload) == 48, "kernel key: expected 48 bytes")
    token, key = payload[:16], payload[16:]
    data = read_file(vault)
    header, _, _ = split(data)
    ticket = read_file(os.path.join(os.path.dirname(vault), "open-" + token.hex()))
    check(len(ticket) == 8 + 8 + 24 + 32 + 16 and ticket[:8] == b"dckopen1", "ticket: malformed")
    context = ticket[:16] + unhex(header["id"], 16) + token
    try:
        data_key = aead_open(ticket[40:], context, ticket[16:40], key)
    except CryptoError as error:
        raise Refused("ticket: altered, or of another kernel key") from error
    answer = read_credentials(data, data_key)
    answer["expiry"] = struct.unpack("<Q", ticket[8:16])[0]
    return answer


# --- writing -------------------------------------------------------------------------------------


def source_of_bytes(seed):
    """count → random bytes; the same ones each time for the same seed."""
    if seed is None:
        return os.urandom
    state = 0

    def more(count):
        nonlocal state
        state += 1
        return hashlib.shake_256(f"{seed}\0{state}".encode()).digest(count)

    return more


def pack_credentials(credentials, count, trailing):
    out = struct.pack("<I", len(credentials) if count is None else count)
    for server, username, secret, stored_at in credentials:
        for text in (server, username, secret):
            out += struct.pack("<I", len(text)) + text
        out += struct.pack("<Q", stored_at)
    return out + trailing


def named_values(pairs):
    return {name: json.loads(value) for name, _, value in (pair.partition("=") for pair in pairs)}


def make_slot(kind, material, options, bytes_of, vault_id, data_key):
    salt, slot_id = bytes_of(16), bytes_of(4)
    stated = named_values(options.param)
    if kind == "passphrase":
        params = {"mem": options.mem, "ops": options.ops}
        # A vault that would cost too much to make has a key that nobody knows.
        costly = not (1 <= options.ops <= 32 and 8 * MIB <= options.mem <= 64 * MIB)
        kek = bytes_of(32) if costly else keyed_by_passphrase(material, salt, options.ops, options.mem)
    elif kind == "key-file":
        params = {"path": options.path}
        kek = keyed_by_file(material, salt)
    else:
        params = {"pin": options.pin, "sealed": options.sealed}
        kek = keyed_by_sealed(material, salt)
    kind = options.kind or kind
    wrap_nonce = bytes_of(24)
    wrap = wrap_nonce + aead_seal(data_key, wrap_context(vault_id, slot_id, kind), wrap_nonce, kek)
    return {
        "created": options.time,
        "id": slot_id.hex(),
        "kind": kind,
        "label": options.label,
        "params": {**params, "salt": b64(salt), **stated},
        "wrap": b64(wrap),
        **named_values(options.slot_member),
    }


def make_vault(options):
    bytes_of = source_of_bytes(options.seed)
    vault_id, data_key = bytes_of(16), bytes_of(32)
    if options.id:
        vault_id = bytes.fromhex(options.id)
    slots = [
        make_slot(kind, read_file(path) if kind != "passphrase" else read_file(path).rstrip(b"\r\n"),
                  options, bytes_of, vault_id, data_key)
        for _ in range(options.repeat)
        for kind, path in options.keys or []
    ]
    header = {
        "generation": options.generation,
        "id": vault_id.hex(),
        "key": commitment(bytes_of(32) if options.other_commitment else data_key, vault_id),
        "slots": slots,
        **named_values(options.member),
    }
    line = canonical(header)
    if options.spaces:
        line = json.dumps(header, sort_keys=True, ensure_ascii=False).encode()
    if options.duplicate:
        line = line.replace(b'"id":', b'"id":"00","id":', 1)
    credentials = [
        (server.encode(), username.encode(), secret.encode(), options.time)
        for server, username, secret in options.credential
    ]
    for number in range(options.many):
        text = f"{number:05}"
        credentials.append((f"host-{text}.example".encode(), f"user-{text}".encode(),
                            f"secret-{text}-of-many".encode(), options.time))
    if not options.as_given:
        credentials.sort()
    plain = pack_credentials(credentials, options.count, bytes.fromhex(options.trailing))
    if not options.unpadded:
        plain += b"\x80"
        plain += b"\0" * (-len(plain) % 1024)
    context = options.first_line.encode() + b"\n" + line + b"\n"
    nonce = bytes_of(24)
    box = nonce + aead_seal(plain, context, nonce, box_key(data_key))
    return context + box + bytes.fromhex(options.append)


# --- the command line ----------------------------------------------------------------------------


def read_file(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error


class Key(argparse.Action):
    KINDS = {"key_file": "key-file", "passphrase_file": "passphrase", "sealed_file": "clevis"}

    def __call__(self, parser, namespace, value, option_string=None):
        namespace.keys = (getattr(namespace, "keys", None) or []) + [(self.KINDS[self.dest], value)]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("dump", "make"):
        command = commands.add_parser(name)
        command.add_argument("vault")
        for option in ("--key-file", "--passphrase-file", "--sealed-file"):
            command.add_argument(option, action=Key)
        command.set_defaults(keys=None)
    header = commands.add_parser("header")
    header.add_argument("vault")
    ticket = commands.add_parser("open-ticket")
    ticket.add_argument("vault")
    ticket.add_argument("--payload-file", required=True)

    add = commands.choices["make"].add_argument
    add("--credential", nargs=3, action="append", default=[], metavar=("SERVER", "USERNAME", "SECRET"))
    add("--many", type=int, default=0, metavar="N", help="and N made-up credentials")
    add("--id", metavar="HEX", help="of the vault; random if it is not given")
    add("--seed", help="where all random values come from")
    add("--time", type=int, default=int(time.time()), help="when all of it was made")
    add("--generation", type=int, default=1)
    add("--label", default="lab")
    add("--ops", type=int, default=1, help="as the slot states; beyond 64 MiB the key is unknown")
    add("--mem", type=int, default=8 * MIB)
    add("--path", help="the path that a key-file slot records")
    add("--pin", default="tang")
    add("--sealed", default="", help="the JWE of a clevis slot")
    fault = add
    fault("--first-line", default=FIRST_LINE.decode().rstrip("\n"))
    fault("--member", action="append", default=[], metavar="NAME=JSON", help="of the header")
    fault("--slot-member", action="append", default=[], metavar="NAME=JSON", help="of each slot")
    fault("--param", action="append", default=[], metavar="NAME=JSON", help="of each slot's params")
    fault("--kind", help="of each slot")
    fault("--repeat", type=int, default=1, metavar="N", help="each slot N times, each on its own")
    fault("--other-commitment", action="store_true", help="`key` of another data key")
    fault("--spaces", action="store_true", help="a header that is not canonical")
    fault("--duplicate", action="store_true", help="a header with `id` twice")
    fault("--as-given", action="store_true", help="credentials not sorted")
    fault("--count", type=int, help="how many credentials the box says it has")
    fault("--trailing", default="", metavar="HEX", help="inside the box, after the credentials")
    fault("--unpadded", action="store_true")
    fault("--append", default="", metavar="HEX", help="after the box")
    return parser.parse_args()


def one_key(options):
    check(options.keys and len(options.keys) == 1, "expected one key")
    kind, path = options.keys[0]
    material = read_file(path)
    # A passphrase file ends as an editor ends it; what a person types has no newline.
    return kind, material.rstrip(b"\r\n") if kind == "passphrase" else material


def main():
    options = arguments()
    try:
        if options.command == "make":
            data = make_vault(options)
            descriptor = os.open(options.vault, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            return
        if options.command == "header":
            answer = split(read_file(options.vault))[0]
        elif options.command == "dump":
            answer = read_vault(read_file(options.vault), one_key(options))
        else:
            answer = read_by_ticket(options.vault, read_file(options.payload_file))
    except Refused as refusal:
        sys.exit(f"second_reader: {refusal}")
    json.dump(answer, sys.stdout, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
