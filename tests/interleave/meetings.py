# SPDX-License-Identifier: MIT
"""Which commands meet, and in what home."""

import dataclasses
import pathlib
import sys
from typing import Callable

import keyring
from scenes import (ADA, BOB, CLEO, CONFIG, EVE, KEY, KEY_TEXT, at_home, first_key, lock, logins_in, store,
                    takes_a_login, vault, vault_with_key_typed, vault_with_two_keys, words)
from world import Login

DORA = Login("d.example", "dora", "secret-of-dora")  # who logs in by docker
DOCKER_LOGIN = pathlib.Path(__file__).with_name("docker_login.py")


@dataclasses.dataclass(frozen=True)
class Program:
    """One that takes part."""

    name: str
    command: Callable  # of a world: the words
    stdin: str = ""
    is_docker: bool = False


@dataclasses.dataclass(frozen=True)
class Meeting:
    """What faults.look() needs of a scene, and who takes part."""

    name: str
    programs: tuple
    prepare: Callable
    servers: tuple = ()
    documents: tuple = ()
    looks_at_vault: bool = False
    may_be_called_gone: bool = False
    excludes: bool = False  # in no order all of them can succeed
    denied: tuple = ()  # as tracer.cpp has it
    uses_keyring: bool = False
    begin: Callable = lambda world: None
    proof: Callable = lambda world: None


def key_add(name):
    return Program("key add", words("vault", "key", "add", "--key-file", at_home(f"keys/{name}")))


CREATE = Program("create", words("vault", "create", "--key-file", at_home(KEY)))
STORE_CLEO = Program("store", words("store"), CLEO.request())
STORE_EVE = Program("store", words("store"), EVE.request())
ERASE_ADA = Program("erase", words("erase"), ADA.server)
KEY_REMOVE = Program("key remove", words("vault", "key", "remove", first_key))
UNLOCK = Program("unlock", words("vault", "unlock", "--key-file", "-"), KEY_TEXT)
LOCK = Program("lock", words("vault", "lock"))
MIGRATE = Program("migrate", words("migrate"))
RESTORE = Program("restore", words("restore", "--yes"))
LOGIN = Program("docker login", lambda world: [sys.executable, str(DOCKER_LOGIN), DORA.server, DORA.username],
                DORA.secret, is_docker=True)


def two_logins(world):
    vault(world, ADA, BOB)


def migrated(world):
    logins_in(CONFIG, ADA, BOB)(world)
    world.must("migrate")


def fill_keyring(*logins):
    """From another home: this one's index and vault are not touched."""
    def fill(world):
        keyring.empty(world)
        with world.with_variables(HOME=str(world.folder / "elsewhere")):
            store(world, *logins)
    return fill


def in_both_stores(world):
    """An older login in the vault, a newer one in the keyring."""
    vault(world)
    with world.with_variables(DOCKER_CREDENTIAL_KEYRING_STORE="vault"):
        store(world, EVE)
    fill_keyring(ADA, BOB)(world)
    world.must("list")


def one_copy(world):
    """Whichever store has it, no other one is left in the other store."""
    found = []
    for name in ("vault", "keyring"):
        with world.with_variables(DOCKER_CREDENTIAL_KEYRING_STORE=name):
            found.append(world.get(ADA.server))
    return f"vault and keyring have {found}" if None not in found else None


ALL = (ADA.server, BOB.server, CLEO.server)
IN_FILE = {"prepare": logins_in(CONFIG, ADA, BOB), "servers": (ADA.server, BOB.server, DORA.server),
           "documents": (CONFIG,)}
NO_EXCHANGE = ("renameat2=EINVAL",)  # a file system that cannot exchange two files: migrate changes nothing

MEETINGS = [
    Meeting("two creates and a store", (CREATE, CREATE, STORE_CLEO), lambda world: None, (CLEO.server,),
            looks_at_vault=True, excludes=True, proof=takes_a_login),
    Meeting("two keys are added", (key_add("one"), key_add("two")), two_logins, ALL[:2], looks_at_vault=True,
            proof=takes_a_login),
    Meeting("a key is added, one removed, a login stored", (key_add("one"), KEY_REMOVE, STORE_CLEO),
            vault_with_two_keys, ALL, looks_at_vault=True, proof=takes_a_login),
    Meeting("migrate and docker login", (MIGRATE, LOGIN), **IN_FILE),
    Meeting("migrate, docker login, migrate", (MIGRATE, LOGIN, MIGRATE), **IN_FILE),
    Meeting("migrate and docker login, no exchange", (MIGRATE, LOGIN), denied=NO_EXCHANGE, **IN_FILE),
    Meeting("restore and docker login", (RESTORE, LOGIN), migrated, (ADA.server, BOB.server), (CONFIG,)),
    Meeting("migrate and erase", (MIGRATE, ERASE_ADA), **IN_FILE),
    Meeting("unlock and lock", (UNLOCK, LOCK), vault_with_key_typed, (ADA.server,), begin=lock),
    Meeting("unlock and unlock", (UNLOCK, UNLOCK), vault_with_key_typed, (ADA.server,), begin=lock),
    Meeting("store and erase", (STORE_EVE, ERASE_ADA), two_logins, ALL[:2], proof=takes_a_login),
    Meeting("keyring: store and erase", (STORE_EVE, ERASE_ADA), fill_keyring(ADA, BOB), ALL[:2], uses_keyring=True,
            begin=fill_keyring(ADA, BOB)),
    Meeting("both stores: store and erase", (STORE_EVE, ERASE_ADA), in_both_stores, ALL[:2], uses_keyring=True,
            begin=fill_keyring(ADA, BOB), proof=one_copy),
    Meeting("store and store", (STORE_EVE, STORE_CLEO), two_logins, ALL),
]
