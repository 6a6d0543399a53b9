#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""manual.py PROGRAM FOLDER [PAGE…]: the pages in FOLDER, or these, against PROGRAM, and as people see them.

Each command has a page, and each page describes the options that the command has, and no other. Rendered by
mandoc and by man-db, a header fits, no line is too long, and no name is broken at a hyphen. Prints what is
wrong, a line each; exits with 1 if anything is.
"""

import functools
import os
import pathlib
import re
import subprocess
import sys

NAME = "docker-credential-keyring"
OTHER_PAGES = {f"{NAME}.1", f"{NAME}-json.7", f"{NAME}-stores.7"}
WIDEST = 80
# man-db's takes a tenth of a second for a page.
WIDTHS = {"mandoc": range(60, 101), "man": range(60, 101, 10)}


def output_of(command, **variables):
    """What it prints, whatever its exit status."""
    done = subprocess.run(command, env={**os.environ, **variables}, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    return done.stdout.decode()


# --- the program


@functools.cache
def help_of(program, *words):
    return output_of([program, *words, "--help"], COLUMNS="80")


def commands_of(program, *words):
    """The commands that its help names, each with those below it: ("vault", "key", "list")."""
    listed = re.search(r"^Commands[^\n]*:\n((?:  .*\n)+)", help_of(program, *words), re.M)
    found = []
    for name in re.findall(r"^  ([a-z]+)  ", listed.group(1) if listed else "", re.M):
        found.append((*words, name))
        found += commands_of(program, *words, name)
    return found


def options_of(program, *words):
    """Those that its help describes: {"--json", "-h"}."""
    described = re.search(r"^Options:\n((?:  .*\n)+)", help_of(program, *words), re.M)
    lines = re.findall(r"^  (-.*)$", described.group(1) if described else "", re.M)
    return {option for line in lines for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", line.split("   ")[0])}


# --- the pages


def section(text, title):
    """The lines of .Sh TITLE."""
    found = re.search(rf"^\.Sh {title}\n(.*?)(?=^\.Sh |\Z)", text, re.M | re.S)
    return found.group(1) if found else ""


def flags(line):
    """The options that it names: "--json" of "Fl -json"."""
    return {"-" + flag for flag in re.findall(r"\bFl ([a-z-]+)", line)}


def documented(text):
    """The options that have an item of their own."""
    return set().union(*(flags(line) for line in re.findall(r"^\.It Fl .*$", text, re.M)))


def usages(text):
    """By command, the options in its lines of the SYNOPSIS: {"vault lock": {…}}."""
    found = {}
    for usage in section(text, "SYNOPSIS").split(f".Nm {NAME}\n")[1:]:
        command = re.match(r"\.Cm ([a-z ]+)\n", usage)
        found[command.group(1) if command else "no command"] = flags(usage)
    return found


def faults_of_options(program, command, text):
    wanted = set()
    for words in [command, *commands_of(program, *command)]:
        wanted |= options_of(program, *words)
    there = documented(text)
    yield from (f"no item for {option}" for option in sorted(wanted - there))
    yield from (f"{option} is no option of the program" for option in sorted(there - wanted))


# In the SYNOPSIS an option stands once, by the name that is short, and KEY is what the OPTIONS say.
KEY_OPTIONS = {"--passphrase", "--key-file", "--clevis"}


def faults_of_usage(program, command, text):
    used = usages(text)
    below = commands_of(program, *command)
    called = [words for words in below or [command] if not commands_of(program, *words)]
    names = {" ".join(words) for words in called}
    yield from (f"the synopsis lacks {name}" for name in sorted(names - used.keys()))
    yield from (f"the synopsis has {name}" for name in sorted(used.keys() - names))
    for words in called:
        name = " ".join(words)
        wanted = options_of(program, *words) - {"--help", "-h", "--color"}
        if "-u" in wanted:
            wanted -= {"--username"}
        there = used.get(name, set()) - {"--color", "--"}
        if "Ar KEY" in section(text, "SYNOPSIS"):
            wanted -= KEY_OPTIONS if "--passphrase" in wanted else set()
        if wanted != there:
            yield f"the synopsis of {name} has {sorted(there)}, the program {sorted(wanted)}"


def faults_of_form(name, text):
    stem, number = name.rsplit(".", 1)
    if not text.startswith('.\\" SPDX-License-Identifier: MIT\n'):
        yield "no licence in the first line"
    if f".Nm {stem}\n" not in section(text, "NAME"):
        yield "another name under NAME"
    titles = re.findall(r"^\.Sh (.*)$", text, re.M)
    early = "EXAMPLES" in titles[:6] and all(text.find("\n.Sh EXAMPLES") < text.find(f"\n.Sh {late}")
                                             for late in titles if late in ("OPTIONS", "COMMANDS"))
    if number == "1" and not early:
        yield "no EXAMPLES, or none early"


def faults_of_references(text, pages):
    for target, number in re.findall(rf"^\.Xr ({NAME}\S*) (\d)", text, re.M):
        if f"{target}.{number}" not in pages:
            yield f"refers to {target}({number}), which is no page"


def faults_of_lint(path):
    # A manual that is not installed here may be referred to all the same.
    for line in output_of(["mandoc", "-Tlint", str(path)]).splitlines():
        if "referenced manual not found" not in line:
            yield line


# --- as people see them


def rendered(path, by, width):
    if by == "mandoc":
        text = output_of(["mandoc", "-Tutf8", "-O", f"width={width}", str(path)])
    else:
        text = output_of(["man", "-P", "cat", "-l", str(path)], MANWIDTH=str(width), LC_ALL="C.UTF-8",
                         GROFF_NO_SGR="1", MAN_KEEP_FORMATTING="")
    return re.sub(".\b", "", text).splitlines()


def faults_at_widest(lines):
    """At 80 columns: the header in three parts, each whole, and no line longer."""
    header = re.fullmatch(r"(\S+\(\d\))  +(\S.* Manual)  +(\S+\(\d\))", lines[0])
    if not header or header.group(1) != header.group(3) or "..." in lines[0]:
        yield f"the header: «{lines[0]}»"
    yield from (f"longer than {WIDEST} columns: «{line}»" for line in lines if len(line) > WIDEST)


SIGNS = ".,;:()\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
PROSE = {"D-Bus", "drop-in"}  # have a hyphen, and are no names


def broken_names(lines):
    """Names that are broken at a hyphen of their own, and those that got one."""
    for line, following in zip(lines, lines[1:]):
        word = line.split()[-1] if line.split() else ""
        if not word.strip("-") or word[-1] not in "-\N{HYPHEN}":
            continue
        whole = (word + (following.split() or [""])[0]).strip(SIGNS)
        if whole not in PROSE and not whole.replace("\N{HYPHEN}", "").replace("'", "").isalpha():
            yield whole


def faults_of_rendering(path):
    for by, widths in WIDTHS.items():
        for width in widths:
            lines = rendered(path, by, width)
            if not lines:
                yield f"{by} shows nothing"
                continue
            if width == WIDEST:
                yield from (f"{by}: {fault}" for fault in faults_at_widest(lines))
            for name in broken_names(lines):
                yield f"{by}, {width} columns: {name} is broken at the end of a line"


# --- all of it


def faults_of_main(program, text):
    summary, also = section(text, "COMMANDS FOR PEOPLE"), section(text, "SEE ALSO")
    for (command, *below) in commands_of(program):
        if below:
            continue
        reference = f".Xr {NAME}-{command} 1"
        if f".It Cm {command}\n" not in summary or reference not in summary:
            yield f"COMMANDS FOR PEOPLE lacks {command}"
        if reference not in also:
            yield f"SEE ALSO lacks {command}"
    verbs = re.search(r"<(.*)>", help_of(program)).group(1).split("|")
    there = re.findall(r"^\.It Cm ([a-z]+)", section(text, "COMMANDS FOR DOCKER"), re.M)
    if sorted(verbs) != sorted(there):
        yield f"verbs of docker's: {there}, and the program has {verbs}"


def faults_of_page(program, path, pages):
    text = path.read_text()
    yield from faults_of_form(path.name, text)
    yield from faults_of_references(text, pages)
    yield from faults_of_lint(path)
    yield from faults_of_rendering(path)
    if path.name == f"{NAME}.1":
        yield from faults_of_main(program, text)
    elif path.name not in OTHER_PAGES:
        command = (path.stem.removeprefix(f"{NAME}-"),)
        yield from faults_of_options(program, command, text)
        yield from faults_of_usage(program, command, text)


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    pages = {path.name: path for path in sorted(folder.iterdir())}
    wanted = OTHER_PAGES | {f"{NAME}-{command[0]}.1" for command in commands_of(program)}
    faults = [f"{name}: no such page" for name in sorted(wanted - pages.keys())]
    faults += [f"{name}: of no command" for name in sorted(pages.keys() - wanted)]
    for name, path in pages.items():
        if name in wanted and name in (sys.argv[3:] or pages):
            faults += [f"{name}: {fault}" for fault in faults_of_page(program, path, pages)]
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
