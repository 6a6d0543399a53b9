#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""documents.py PAGE FINDINGS FOLDER: the JSON documents in FOLDER against the manual's PAGE about them.

A document of `vault status` is a file "vault status.N.json", whatever N is. What is printed stands on the page, and
what stands there was printed, with the types that it has there, and with values that it has there. FINDINGS is the
header with the names of doctor's findings. Prints what is wrong, a line each; exits with 1 if anything is.
"""

import collections
import json
import pathlib
import re
import shlex
import sys

TYPES = {type(None): "null", bool: "boolean", int: "number", float: "number", str: "string", list: "array",
         dict: "object"}

# types: {"string", "null"}; values: what there can be instead of an empty string, where the page says "One of".
Member = collections.namedtuple("Member", "types may_be_absent values")


class Seen:
    """What the documents of one kind had at a path."""

    def __init__(self):
        self.types, self.values, self.was_absent = set(), set(), False


# --- the page


def section(text, title):
    return re.search(rf"^\.Sh {title}\n(.*?)(?=^\.Sh )", text, re.M | re.S).group(1)


def words_of(text, macro):
    """The arguments of these lines, without "No or Cm" and signs."""
    found = set()
    for line in re.findall(rf"^\.{macro} (.*)$", text, re.M):
        found |= {word for word in shlex.split(line.replace("\\(dq", '"')) if word[0].isalpha()}
    return found - {"No", "Cm", "or"}


def members_of(text):
    """By path, those of the items in `text`."""
    members = {}
    for item in re.split(r"^\.It Va ", text, flags=re.M)[1:]:
        head, _, body = item.partition("\n")
        names, _, types = head.partition(" Pq ")
        alternatives, absent, _ = types.partition(", may be absent")
        values = words_of(body, "Cm") if "One of" in body else set()
        for name in names.replace("Va ", "").split(" , "):
            members[name] = Member(set(alternatives.split(" or ")), bool(absent), values)
    return members


def documented_kinds(page):
    """By heading, which names the commands that print it, the members of a document: {"ls": {"version": …}}."""
    parts = re.split(r"^\.Ss ", section(page, "DOCUMENTS"), flags=re.M)[1:]
    return {part.partition("\n")[0]: members_of(part) for part in parts}


# --- the documents


def note(value, path, members, seen):
    """Notes what `value`, which stands at `path`, has below it; a name that the page calls * is that."""
    if isinstance(value, list):
        for element in value:
            if isinstance(element, (list, dict)):
                note(element, path + "[]", members, seen)
            else:
                note_one(element, path + "[]", members, seen)
        return
    there = set()
    for name, below in value.items():
        inner = f"{path}.*" if f"{path}.*" in members else f"{path}.{name}".lstrip(".")
        there.add(inner)
        note_one(below, inner, members, seen)
    for other in members:
        is_element = other.endswith(("[]", ".*"))
        if other.rpartition(".")[0] == path and other not in there and not is_element:
            seen[other].was_absent = True


def note_one(value, path, members, seen):
    seen[path].types.add(TYPES[type(value)])
    if isinstance(value, str):
        seen[path].values.add(value)
    if isinstance(value, (list, dict)):
        note(value, path, members, seen)


def read_documents(folder, kinds):
    """By heading, what its documents had at each path; and the commands that printed one."""
    had, printers = collections.defaultdict(lambda: collections.defaultdict(Seen)), set()
    headings = {command: heading for heading in kinds for command in heading.split(" , ")}
    for path in sorted(folder.glob("*.json")):
        document = json.loads(path.read_text())
        command = "error" if "error" in document else path.name.split(".")[0]
        heading = headings.get(command, command)
        printers.add(command)
        note(document, "", kinds.get(heading, {}), had[heading])
    return had, printers


# --- one against the other


def faults_of_member(member, seen):
    if not seen.types:
        yield "no document has it"
        return
    if seen.types != member.types:
        yield f"the page says {sorted(member.types)}, the documents have {sorted(seen.types)}"
    if seen.was_absent and not member.may_be_absent:
        yield "a document lacks it, and the page does not say so"
    if member.may_be_absent and not seen.was_absent:
        yield "every document has it, and the page says that it may be absent"
    if member.values:
        yield from (f"the page does not have its value {value}" for value in sorted(seen.values - member.values - {""}))


def faults_of_kind(kind, members, had):
    for path in sorted(set(had) - set(members)):
        if had[path].types:
            yield f"{kind}: the page lacks {path}"
    for path, member in members.items():
        yield from (f"{kind}: {path}: {fault}" for fault in faults_of_member(member, had[path]))


def faults_of_findings(page, header):
    table = re.search(r"kFindings\[\] = \{(.*?)\};", header, re.S).group(1)
    made, named = set(re.findall(r'"([a-z-]+)"', table)), words_of(section(page, "FINDINGS OF DOCTOR"), "Cm")
    yield from (f"findings: the page lacks {name}" for name in sorted(made - named))
    yield from (f"findings: there is no {name}" for name in sorted(named - made))


def main():
    page, header, folder = (pathlib.Path(argument) for argument in sys.argv[1:])
    kinds = documented_kinds(page.read_text())
    had, printers = read_documents(folder, kinds)
    named = {command for heading in kinds for command in heading.split(" , ")}
    faults = [f"{command}: on the page, and no document was made" for command in sorted(named - printers)]
    faults += [f"{command}: a document, and not on the page" for command in sorted(printers - named)]
    for kind, members in kinds.items():
        faults += faults_of_kind(kind, members, had[kind])
    faults += faults_of_findings(page.read_text(), header.read_text())
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
