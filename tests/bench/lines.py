# SPDX-License-Identifier: MIT
"""What is asked of whom, in which world, and how quick that has to be."""

import dataclasses
import json
import statistics

from processes import Call, Counted, Took

OURS = "docker-credential-keyring"
SECRETSERVICE = "docker-credential-secretservice"
PASS = "docker-credential-pass"
NOT_FOUND = "credentials not found in native keychain"

# Who is compared, as the tables say it.
TRUE = "/bin/true"
HELLO = "a C program on sd-bus"
ANY_STORE = "ours"
KEYRING = "ours, keyring"
VAULT = "ours, vault with a key file"
OPEN_VAULT = "ours, open vault"
FORWARD = "ours, through a forward"
LOOP = "shell loop"


@dataclasses.dataclass
class Line:
    """A line of a table: `what` was asked of `who`; the calls run one after the other."""

    what: str
    who: str
    worlds: list[str]  # one for all rounds, or one for each
    calls: list[Call]
    every: int = 1  # it runs in every so many rounds
    is_counted: bool = True
    with_instructions: bool = True
    proof: Call | None = None  # that the calls did what they should
    took: list[Took] = dataclasses.field(default_factory=list)
    counted: Counted = Counted()

    def median(self, figure):
        return statistics.median(getattr(took, figure) for took in self.took)


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
    asked = "stranger.example"
    if program == PASS:  # Debian's gives an empty one
        nobody = {"ServerURL": asked, "Username": "", "Secret": ""}
        return Call([program, "get"], asked, is_right=lambda said: json.loads(said) == nobody)
    return Call([program, "get"], asked, 1, lambda said: said.strip() == NOT_FOUND)


def store(program):
    login = {"ServerURL": f"new.{program}.example", "Username": "ada", "Secret": "s3"}
    return Call([program, "store"], json.dumps(login) + "\n", is_right=lambda said: said == "")


def erase(program):
    return Call([program, "erase"], f"new.{program}.example", is_right=lambda said: said == "")


def list_all(program, many):
    return Call([program, "list"], "unused", is_right=lambda said: len(json.loads(said)) == many)


def get_all(program, many):
    """docker's GetAllCredentials."""
    return [list_all(program, many), *(get_hit(program, number) for number in range(many))]


def moves(argv, logins):
    return Call(argv, is_right=lambda said: f"{logins} logins moved" in said)


# --- the lines, in groups that stay together -----------------------------------------------------


def helpers(many):
    """The words for each, the program, its world, and what its lines have of their own."""
    return [(KEYRING, OURS, [f"keyring-{many}"], {}),
            (VAULT, OURS, [f"vault-{many}"], {}),
            (OPEN_VAULT, OURS, [f"open-{many}"], {}),
            (SECRETSERVICE, SECRETSERVICE, [f"keyring-{many}"], {}),
            # The work is done by the programs that it starts, which callgrind does not see.
            (PASS, PASS, [f"pass-{many}"], {"with_instructions": False})]


def floors(many):
    world = [f"keyring-{many}"]
    return [[Line("start and end", TRUE, world, [Call(["true"])])],
            [Line("connect, Hello", HELLO, world, [Call(["hello"])])],
            [Line("version", ANY_STORE, world, [version(OURS)])],
            [Line("version", SECRETSERVICE, world, [version(SECRETSERVICE)])],
            [Line("version", PASS, world, [version(PASS)])]]


def everyday(few, many):
    """What docker asks every day, on stores of `many` logins; it gets all of `few`."""
    groups = floors(many)
    for who, program, world, own in helpers(many):
        groups += [[Line("get, hit", who, world, [get_hit(program, many // 2)], **own)],
                   [Line("get, miss", who, world, [get_miss(program)], **own)],
                   [Line("store", who, world, [store(program)], **own),
                    Line("erase", who, world, [erase(program)], **own)],
                   [Line(f"list of {many}", who, world, [list_all(program, many)], **own)]]
    groups.append([Line("get, hit", FORWARD, [f"forward-{many}"], [get_hit(OURS, many // 2)])])
    groups += ([Line(f"list, get each of {few}", who, world, get_all(program, few), every=5,
                     **own | {"with_instructions": False})]
               for who, program, world, own in helpers(few))
    return groups


def migrations(logins, worlds_of, **options):
    """Of config.json; `worlds_of` gives the worlds of a store, where it has not been done. Under
    callgrind `migrate` would not find itself."""
    what = f"migrate {logins}"
    migrate = [moves([OURS, "migrate"], logins)]
    loop = [moves(["shell_loop"], logins)]
    options["with_instructions"] = False
    return [[Line(what, KEYRING, worlds_of("keyring"), migrate, proof=list_all(OURS, logins), **options)],
            [Line(what, VAULT, worlds_of("vault"), migrate, proof=list_all(OURS, logins), **options)],
            [Line(what, LOOP, worlds_of("loop"), loop, proof=list_all(SECRETSERVICE, logins), **options)]]


def growth(size, in_keyring):
    """`get` and `list` on stores of `size` logins, and not all keep so many."""
    groups = []
    for who, program, world, _ in helpers(size):
        if who == VAULT or in_keyring and who in (KEYRING, SECRETSERVICE):
            groups += [[Line("get, hit", who, world, [get_hit(program, size // 2)])],
                       [Line("list", who, world, [list_all(program, size)])]]
    return groups
