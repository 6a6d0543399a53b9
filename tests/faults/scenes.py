# SPDX-License-Identifier: MIT
"""The commands that write, each in a home where it has something to do."""

import dataclasses
from typing import Callable

import keyring
from world import OURS, Login, config_of

ADA = Login("a.example", "ada", "secret-of-ada")
BOB = Login("b.example", "bob", "secret-of-bob")
EVE = Login("a.example", "eve", "secret-of-eve")  # another one for Ada's server
CLEO = Login("c.example:5000", "cleo", "secret-of-cleo")
EVERYBODY = [ADA, BOB, EVE, CLEO]

KEY = ".config/docker-credential-keyring/key"
SECOND_KEY = "keys/second"
CONFIG = ".docker/config.json"
AUTH_FILE = ".config/containers/auth.json"
DROP_IN = ".config/containers/registries.conf.d/99-docker-credential-keyring.conf"
EXPORTED = "exported.json"
KEY_TEXT = "a key that is long enough for a vault of a test"


@dataclasses.dataclass(frozen=True)
class Scene:
    """One command. What it changes is seen by `servers`, `documents` and, if it does so, the vault's state."""

    name: str
    command: Callable  # of a world: the words
    prepare: Callable  # makes the home, once
    stdin: str = ""
    servers: tuple = ()
    documents: tuple = ()
    looks_at_vault: bool = False
    once: bool = False  # done again, it does more
    may_be_called_gone: bool = False  # where the index, a hint, was not told
    uses_keyring: bool = False
    begin: Callable = lambda world: None  # what no copy of a home brings back
    proof: Callable = lambda world: None  # at the end: what is wrong


def store(world, *logins):
    for login in logins:
        world.must("store", stdin=login.request())


def vault(world, *logins):
    world.must("vault", "create", "--key-file", str(world.home / KEY))
    store(world, *logins)


def vault_with_key_typed(world):
    world.must("vault", "create", "--key-file", "-", stdin=KEY_TEXT)
    world.must("vault", "unlock", "--key-file", "-", stdin=KEY_TEXT)
    store(world, ADA)


def vault_with_two_keys(world):
    vault(world, ADA, BOB)
    world.must("vault", "key", "add", "--key-file", str(world.home / SECOND_KEY))


def logins_in(place, *logins, **more):
    def prepare(world):
        vault(world)
        world.write(place, config_of(*logins, **more))
    return prepare


def different_login_stored(world):
    vault(world, EVE)
    world.write(CONFIG, config_of(ADA, BOB))


def entry_that_stays(world):
    vault(world)
    world.write(CONFIG, '{"auths":{"a.example":{"auth":"' + ADA.auth() + '"},"bad.example":{"auth":"???"}}}')


def migrated(*places):
    def prepare(world):
        vault(world)
        for place, login in zip(places, (ADA, BOB)):
            world.write(place, config_of(login))
        world.must("migrate")
        world.must("store", stdin=CLEO.request())
    return prepare


def index_lost(world):
    vault(world, ADA, BOB)
    for file in (world.home / ".local/state/docker-credential-keyring").glob("*"):
        file.unlink()


def index_of_before(world):
    index_lost(world)
    world.write(".local/state/docker-credential-keyring/servers.json",
                '{"complete":["keyring"],"servers":{"a.example":{"store":"vault"},"b.example":{"store":"vault"}}}')


def takes_a_login(world):
    """The vault can be written and read."""
    ended = world.ours("store", stdin=CLEO.request())
    if ended.status != 0:
        return f"the vault takes nothing: {ended.said()}"
    found = world.get(CLEO.server)
    return None if found == (CLEO.username, CLEO.secret) else f"the vault gives {found}"


def second_key_unlocks(world):
    ended = world.ours("vault", "unlock", "--key-file", str(world.home / SECOND_KEY))
    world.ours("vault", "lock")
    return None if ended.status == 0 else f"the new key does not unlock: {ended.said()}"


def first_key(world):
    return world.vault()["ways"][0]["id"]


def lock(world):
    world.must("vault", "lock")


def unlock(world):
    world.must("vault", "unlock", "--key-file", "-", stdin=KEY_TEXT)


def in_keyring(*logins):
    """A keyring that holds these alone."""
    def fill(world):
        keyring.empty(world)
        store(world, *logins)
    return fill


def migrated_to_keyring(world):
    keyring.empty(world)
    world.write(CONFIG, config_of(ADA))
    world.write(AUTH_FILE, config_of(BOB))
    world.must("migrate")


def words(*arguments):
    return lambda world: [OURS, *(str(argument(world) if callable(argument) else argument) for argument in arguments)]


def at_home(place):
    return lambda world: world.home / place


TWO = (ADA.server, BOB.server)
THREE = (ADA.server, BOB.server, CLEO.server)

SCENES = [
    Scene("store", words("store"), lambda world: vault(world, ADA), CLEO.request(), (ADA.server, CLEO.server)),
    Scene("store again", words("store"), lambda world: vault(world, ADA, BOB), EVE.request(), TWO),
    Scene("erase", words("erase"), lambda world: vault(world, ADA, BOB), ADA.server, TWO),
    Scene("vault create", words("vault", "create", "--key-file", at_home(KEY)), lambda world: None,
          looks_at_vault=True, proof=takes_a_login),
    Scene("vault unlock", words("vault", "unlock", "--key-file", "-"), vault_with_key_typed, KEY_TEXT, (ADA.server,),
          begin=lock),
    Scene("vault lock", words("vault", "lock"), vault_with_key_typed, servers=(ADA.server,), begin=unlock),
    Scene("vault key add", words("vault", "key", "add", "--key-file", at_home(SECOND_KEY)),
          lambda world: vault(world, ADA, BOB), servers=TWO, looks_at_vault=True, once=True,
          proof=second_key_unlocks),
    Scene("vault key remove", words("vault", "key", "remove", first_key), vault_with_two_keys, servers=TWO,
          looks_at_vault=True, proof=takes_a_login),
    Scene("vault key remove --keep-data-key", words("vault", "key", "remove", first_key, "--keep-data-key"),
          vault_with_two_keys, servers=TWO, looks_at_vault=True, proof=takes_a_login),
    Scene("vault destroy", words("vault", "destroy", "--yes"), lambda world: vault(world, ADA), servers=(ADA.server,),
          looks_at_vault=True, may_be_called_gone=True),
    Scene("migrate", words("migrate"), logins_in(CONFIG, ADA, BOB), servers=TWO, documents=(CONFIG,)),
    Scene("migrate --replace", words("migrate", "--replace"), different_login_stored, servers=TWO,
          documents=(CONFIG,)),
    Scene("migrate, one stays", words("migrate"), entry_that_stays, servers=(ADA.server,), documents=(CONFIG,)),
    Scene("migrate for podman", words("migrate"), logins_in(AUTH_FILE, ADA, BOB), servers=TWO,
          documents=(AUTH_FILE, DROP_IN, CONFIG)),
    Scene("restore", words("restore", "--yes"), migrated(CONFIG, AUTH_FILE), servers=THREE,
          documents=(CONFIG, AUTH_FILE, DROP_IN)),
    Scene("restore one", words("restore", "--yes", ADA.server), migrated(CONFIG), servers=(ADA.server, CLEO.server),
          documents=(CONFIG,)),
    Scene("export", words("export", "--output", at_home(EXPORTED), ADA.server), lambda world: vault(world, ADA, BOB),
          servers=TWO, documents=(EXPORTED,)),
    Scene("index lost", words("get"), index_lost, ADA.server, TWO),
    Scene("index of before", words("list"), index_of_before, servers=TWO),
    Scene("keyring: store", words("store"), in_keyring(ADA), CLEO.request(), (ADA.server, CLEO.server),
          uses_keyring=True, begin=in_keyring(ADA)),
    Scene("keyring: store again", words("store"), in_keyring(ADA, BOB), EVE.request(), TWO, uses_keyring=True,
          begin=in_keyring(ADA, BOB)),
    Scene("keyring: erase", words("erase"), in_keyring(ADA, BOB), ADA.server, TWO, uses_keyring=True,
          begin=in_keyring(ADA, BOB)),
    Scene("keyring: migrate", words("migrate"), lambda world: world.write(CONFIG, config_of(ADA, BOB)), servers=TWO,
          documents=(CONFIG,), uses_keyring=True, begin=keyring.empty),
    Scene("keyring: restore", words("restore", "--yes"), migrated_to_keyring, servers=TWO,
          documents=(CONFIG, AUTH_FILE, DROP_IN), uses_keyring=True, begin=in_keyring(ADA, BOB)),
]
