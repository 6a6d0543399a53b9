#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""readme.py [ROOT]: whether the READMEs belong together.

README.zh-CN.md has each section of README.md, in its order, with the same commands, words of code,
numbers, links, pictures and sizes of tables; each of them links to the other and lists its sections, and
its links lead somewhere. Ends with 1, and a line for each thing that is wrong.
"""
import pathlib
import re
import sys

NAMES = ("README.md", "README.zh-CN.md")
root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def headings(text):
    """Each heading below the title, as (level, words)."""
    return [(len(marks), words) for marks, words in re.findall(r"^(##+) (.+)$", FENCE.sub("", text), re.M)]


def sections(text):
    """What is above the first heading, and below each: its words of code, and its numbers."""
    for section in re.split(r"^##+ .+$", FENCE.sub("", text), flags=re.M):
        words = re.findall(r"`([^`]+)`", section)
        numbers = re.findall(r"\d(?:[\d.,:-]*\d)?", re.sub(r"`[^`]+`|\]\([^)]*\)", "", section))
        yield {" ".join(word.split()) for word in words} | set(numbers)


def commands(text):
    """Each block of code, and the name of its recipe. Of what a shell takes for remarks, only the options."""
    blocks = []
    for found in FENCE.finditer(text):
        mark = re.search(r"<!-- recipe: (\S+) -->\n\Z", text[: found.start()])
        lines = found[2].splitlines()
        if found[1] == "sh":
            lines = [re.sub(r"(?:^|\s+)#.*$", options, line) for line in lines]
        blocks.append((mark[1] if mark else "", found[1], lines))
    return blocks


def options(remark):
    """Those that a remark names."""
    return " ".join(re.findall(r"--[!-~]+", remark[0]))


def tables(text):
    """The number of cells in each row of each table."""
    return [
        [len(re.findall(r"(?<!\\)\|", row)) - 1 for row in found.splitlines()]
        for found in re.findall(r"(?:^\|.*\n)+", FENCE.sub("", text), re.M)
    ]


def targets_of(text):
    """What it links to, and the pictures that it shows."""
    found = re.findall(r"\[[^\]]*\]\(([^)\s]+)\)|<img[^>]* src=\"([^\"]+)\"", text)
    return ["".join(target) for target in found]


def anchor(words):
    """What a forge makes of a heading: lower case, without marks, with a hyphen for a blank."""
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def own_faults(name, text):
    """The faults that one of them has by itself."""
    anchors = {anchor(words) for _, words in headings(text)}
    targets = targets_of(text)
    if not {*NAMES} - {name} <= {*targets}:
        yield f"{name}: no link to the other"
    for target in targets:
        if target.startswith("#"):
            if target[1:] not in anchors:
                yield f"{name}: no section {target}"
        elif "://" not in target and not (root / target.partition("#")[0]).exists():
            yield f"{name}: no file {target}"
    for level, words in headings(text)[1:]:
        if level == 2 and "#" + anchor(words) not in targets and not words_of_group(words, text):
            yield f"{name}: its contents lack {words}"


def words_of_group(words, text):
    """Whether the contents name this section by its parts."""
    section = text[text.index(f"\n## {words}\n") + 1 :].partition("\n## ")[0]
    parts = re.findall(r"^### (.+)$", section, re.M)
    return bool(parts) and all(f"](#{anchor(part)})" in text for part in parts)


def differences(ours, theirs):
    """Where the translation is not the same document."""
    levels = [[level for level, _ in headings(text)] for text in (ours, theirs)]
    if levels[0] != levels[1]:
        yield f"README.zh-CN.md: its sections are {levels[1]}, and README.md's {levels[0]}"
        return
    for (_, title), mine, other in zip([(1, "its title"), *headings(theirs)], sections(ours), sections(theirs)):
        if mine != other:
            yield f"README.zh-CN.md: below {title} without {sorted(mine - other)}, with {sorted(other - mine)}"
    away = [{target for target in targets_of(text) if target[0] != "#"} - {*NAMES} for text in (ours, theirs)]
    if away[0] != away[1]:
        yield f"README.zh-CN.md: links without {sorted(away[0] - away[1])}, with {sorted(away[1] - away[0])}"
    if tables(ours) != tables(theirs):
        yield f"README.zh-CN.md: its tables have {tables(theirs)} cells, and README.md's {tables(ours)}"
    for mine, other in zip(commands(ours), commands(theirs)):
        if mine != other:
            yield f"README.zh-CN.md: {other}, and README.md: {mine}"
    if len(commands(ours)) != len(commands(theirs)):
        yield f"README.zh-CN.md: {len(commands(theirs))} blocks of code, and README.md {len(commands(ours))}"


texts = {name: (root / name).read_text("utf-8") for name in NAMES}
wrong = [fault for name, text in texts.items() for fault in own_faults(name, text)]
wrong += differences(*texts.values())
print("\n".join(wrong), end="\n" if wrong else "")
sys.exit(bool(wrong))
