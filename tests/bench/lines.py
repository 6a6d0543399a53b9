# SPDX-License-Identifier: MIT
"""What is asked of whom, in which world."""

import dataclasses
import json

from processes import Call

OURS = "docker-credential-keyring"
SECRETSERVICE = "docker-credential-secretservice"
PASS = "docker-credential-pass"
NOT_FOUND = "credentials not found in native keychain"

# Who is compared, as the tables say it.
KEYRING = "ours, keyring"
VAULT = "ours, vault with a key file"
OPEN_VAULT = "ours, open vault"
LOOP = "shell loop"


@dataclasses.dataclass
class Line:
    """A line of a table: `what` was asked of `who`; the calls run one after the other."""

    what: str
    who: str
    worlds: list  # one for all rounds, or one for each
    calls: list
    every: int = 1  # it runs in every so many rounds
    with_instructions: bool = True
    took: list = dataclasses.field(default_factory=list)
    counted: object = None


# --- a process each, and what it must answer -----------------------------------------------------


def server(number):
    return f"host-{number}.example:5000"


def version(program):
    return Call([program, "version"], is_right=lambda said: said != "")


def get_hit(program, number):
    wanted = {"ServerURL": server(number), "Username": f"user-{number}",
              "Secret": f"secret-{number}-of-many"}
    return Call([program, "get"], server(number), is_right=lambda said: json.loads(said) == wanted)


def get_miss(program):
    if program == PASS:  # Debian's does not say that there is none
        nobody = {"ServerURL": "stranger.example", "Username": "", "Secret": ""}
        return Call([program, "get"], "stranger.example", 0, lambda said: json.loads(said) == nobody)
    return Call([program, "get"], "stranger.example", 1, lambda said: said.strip() == NOT_FOUND)


def store(program):
    login = {"ServerURL": f"new.{program}.example", "Username": "ada", "Secret": "s3"}
    return Call([program, "store"], json.dumps(login) + "\n", is_right=lambda said: said == "")


def erase(program):
    return Call([program, "erase"], f"new.{program}.example", is_right=lambda said: said == "")


def list_all(program, many):
    # What others store and erase beside may be among them.
    return Call([program, "list"], "unused", is_right=lambda said: len(json.loads(said)) >= many)


def get_all(program, many):
    """docker's GetAllCredentials."""
    return [list_all(program, many), *(get_hit(program, number) for number in range(many))]


# --- the lines -----------------------------------------------------------------------------------


def everyday(few, many):
    """What docker asks every day, on stores of `many` logins; of `few` it gets all."""

    def of_each(what, logins, calls_of, **options):
        return [Line(what, KEYRING, [f"keyring-{logins}"], calls_of(OURS), **options),
                Line(what, VAULT, [f"vault-{logins}"], calls_of(OURS), **options),
                Line(what, OPEN_VAULT, [f"open-{logins}"], calls_of(OURS), **options),
                Line(what, SECRETSERVICE, [f"keyring-{logins}"], calls_of(SECRETSERVICE), **options),
                # Most of what it does is done by programs that it starts.
                Line(what, PASS, [f"pass-{logins}"], calls_of(PASS), **options | {"with_instructions": False})]

    bus = [f"keyring-{many}"]
    return [
        Line("nothing", "/bin/true", bus, [Call(["true"])]),
        Line("connect and Hello", "C, sd-bus", bus, [Call(["hello"])]),
        Line("version", "ours", bus, [version(OURS)]),
        Line("version", SECRETSERVICE, bus, [version(SECRETSERVICE)]),
        Line("version", PASS, bus, [version(PASS)]),
        *of_each("get, hit", many, lambda program: [get_hit(program, many // 2)]),
        *of_each("get, miss", many, lambda program: [get_miss(program)]),
        *of_each("store", many, lambda program: [store(program)]),
        *of_each("erase", many, lambda program: [erase(program)]),
        *of_each(f"list of {many}", many, lambda program: [list_all(program, many)]),
        *of_each(f"list and get of {few}", few, lambda program: get_all(program, few), every=5,
                 with_instructions=False),
    ]
