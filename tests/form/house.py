#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""house.py [ROOT]: whether the rooms of helper/ and platform/ are as CONTRIBUTING.md draws them.

A room is a folder. What it may include is what its add_room() links, and nothing else, since CMake
forbids no include: rooms by their target, libraries by theirs. Of platform/, helper/ sees the headers
that public_headers names. A header that is "Private to" a folder is included from in there alone.
Ends with 1, and a line for each thing that is wrong.
"""
import pathlib
import re
import sys

MOST_LINES = 360  # of a file
MOST_FILES = 16  # of a folder, a .cpp and its .h counted once
MOST_AT_TOP = 14  # files of helper/ and of platform/ themselves

# Which target brings a header.
LIBRARIES = [
    (r"sodium\.h", "PkgConfig::sodium"),
    (r"keyutils\.h", "PkgConfig::keyutils"),
    (r"CLI/", "CLI11::CLI11"),
    (r"nlohmann/", "nlohmann_json::nlohmann_json"),
    (r"systemd/", "systemd_headers"),
    (r"gcrypt\.h", "gcrypt_headers"),
    (r"curl/", "curl_headers"),
    (r"openssl/", "crypto_headers"),
    (r"(glib|gio|gobject|libsecret)[./-]", "libsecret_headers"),
]

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
wrong = []


def text_of(path):
    return re.sub(r"(?m)#.*$", "", (root / path).read_text())


def read_rooms():
    """Maps each target to its folder and to what it may use."""
    rooms = {}
    for house in ("helper", "platform"):
        text = text_of(f"{house}/CMakeLists.txt")
        lists = {name: words.split() for name, words in re.findall(r"\bset\((\w+)\s+([^)]*)\)", text)}
        for _, folder, rest in re.findall(r"add_room\((\w+)\s+(\S+)\s+([^)]*)\)", text):
            part, uses = "", set()
            for word in rest.split():
                if word in ("FILES", "USES", "PRIVATE"):
                    part = word
                elif part != "FILES":
                    named = re.fullmatch(r"\$\{(\w+)\}", word)
                    uses.update(lists.get(named[1], []) if named else [word])
            # One that can be built without a library stands there twice.
            name = f"{house}_{folder.replace('/', '_')}"
            rooms[name] = (f"{house}/{folder}", uses | rooms.get(name, ("", set()))[1])
        if house == "platform":
            public = {f"platform/{name}" for name in lists["public_headers"]}
    return rooms, public


def room_of(path, rooms):
    """The target of a file; "helper" or "platform" for what lies at their top."""
    folder = str(path.parent)
    return next((name for name, (where, _) in rooms.items() if where == folder), folder.split("/")[0])


def check_include(path, header, rooms, public):
    own = room_of(path, rooms)
    other = room_of(pathlib.PurePath(header), rooms)
    if own.startswith("helper") and header.startswith("platform/"):
        allowed = header in public
    elif own in (other, "helper"):  # the program's first page sees all of helper/
        allowed = True
    elif own == "platform":
        allowed = other.startswith("platform")
    else:
        allowed = other in rooms[own][1]
    if not allowed:
        wrong.append(f"{path} includes {header}, which {own} may not")


def folder_of(header):
    """The folder that `header` says it is private to; None if it says nothing."""
    top = (root / header).read_text().split("#pragma once")[0].replace("\n//", "")
    said = re.search(r"Private to (this folder|\S+)\.", top)
    return said and (header.parent if said[1] == "this folder" else pathlib.PurePath(said[1]))


def check_private(path, header):
    folder = folder_of(pathlib.PurePath(header))
    if folder and folder not in path.parents:
        wrong.append(f"{path} includes {header}, which is private to {folder}")


def check_library(path, header, rooms):
    own = room_of(path, rooms)
    uses = rooms[own][1] if own in rooms else {"nlohmann_json::nlohmann_json"}
    for pattern, target in LIBRARIES:
        if re.match(pattern, header) and target not in uses:
            wrong.append(f"{path} includes <{header}>, and {own} does not link {target}")


def check_circles(rooms):
    def below(name, above):
        if name in above:
            wrong.append("a circle: " + " -> ".join([*above, name]))
            return
        for other in sorted(rooms.get(name, ("", ()))[1]):
            below(other, [*above, name])

    for name in rooms:
        below(name, [])


def check_sizes(files):
    folders = {}
    for path in files:
        lines = len((root / path).read_text().splitlines())
        if lines > MOST_LINES:
            wrong.append(f"{path} has {lines} lines; {MOST_LINES} are the most")
        folders.setdefault(path.parent, []).append(path)
    for folder, paths in folders.items():
        is_top = len(folder.parts) == 1
        count = len(paths) if is_top else len({path.stem for path in paths})
        most = MOST_AT_TOP if is_top else MOST_FILES
        if count > most:
            wrong.append(f"{folder} holds {count} files; {most} are the most")


rooms, public = read_rooms()
files = sorted(
    path.relative_to(root)
    for house in ("helper", "platform")
    for path in (root / house).rglob("*")
    if path.suffix in (".cpp", ".h")
)
for path in files:
    for kind, header in re.findall(r'(?m)^#include ([<"])([^>"]+)[>"]', (root / path).read_text()):
        if kind == '"':
            check_include(path, header, rooms, public)
            check_private(path, header)
        else:
            check_library(path, header, rooms)
check_circles(rooms)
check_sizes(files)
print("\n".join(dict.fromkeys(wrong)), end="\n" if wrong else "")
sys.exit(1 if wrong else 0)
