#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A session at a terminal as a moving picture, and the text of such a picture.

  picture.py draw <SCREEN >SVG   SCREEN is what came to a terminal of 80 columns: prompts `$ `, what was typed
                                 there, and what was answered, up to `$ exit`
  picture.py text SVG            all that the picture shows, a row a line

The SVG moves by CSS alone, since pages show it as an <img>. Commands are typed one after the other on a screen
that scrolls. Where nothing may move, or can, it is its own last screen. Times in it are replaced by one that
never changes, so the same session is the same picture, byte for byte.
"""
import dataclasses
import re
import sys
import unicodedata
import xml.etree.ElementTree
from xml.sax.saxutils import escape

COLUMNS, ROWS = 80, 24
CELL, LINE = 9, 20  # of a character, in pixels
BASELINE = 15  # of a row, below its top
MARGIN, BAR = 16, 36  # beside and above the screen
PROMPT = "$ "
SOME_TIME = "2026-01-15 09:30"

# What the program sends for a colour, and the class of the text in it.
STYLES = {"0": "", "1": "strong", "1;31": "bad", "32": "good", "33": "doubtful"}

# In seconds.
BEFORE_TYPING, A_KEY, BEFORE_ENTER = 0.8, 0.05, 0.4
TO_READ, TO_READ_A_ROW, TO_READ_THE_LAST = 1.0, 0.25, 4.0

TITLE = "docker-credential-keyring moves logins out of docker’s config.json"
DESCRIPTION = (
    "A terminal. config.json holds two logins in base64: of Docker Hub and of nexus.example.com:8083. "
    "After “docker-credential-keyring migrate” the same file names the keyring and holds none; “ls” lists the "
    "two, which are now in the keyring, and “doctor” finds nothing to fix."
)

STYLE = """\
text { font: 15px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; \
fill: #c9d1d9 }
.window { fill: #14171c; stroke: #444c56 }
.button { fill: #444c56 }
.prompt { fill: #8b949e }
.typed, .strong { fill: #ffffff; font-weight: bold }
.good { fill: #56d364 }
.doubtful { fill: #e3b341 }
.bad { fill: #ff7b72; font-weight: bold }
.cursor { fill: #c9d1d9 }
.untyped { fill: #14171c }
.cover { opacity: 0 }
"""


def width_of(text: str) -> int:
    """How many cells of a terminal it takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


@dataclasses.dataclass(frozen=True)
class Run:
    """Text in one style, without a gap in it."""

    column: int
    text: str
    style: str

    def svg(self, row: int) -> str:
        # Every run has its place and its width, whatever font there is.
        style = f' class="{self.style}"' if self.style else ""
        return (
            f'<text x="{self.column * CELL}" y="{row * LINE + BASELINE}" '
            f'textLength="{width_of(self.text) * CELL}"{style}>{escape(self.text)}</text>'
        )


@dataclasses.dataclass(frozen=True)
class Step:
    """A command, and the rows that it answered."""

    command: str
    answer: list[list[Run]]

    def typing_ends(self, start: float) -> float:
        return start + BEFORE_TYPING + A_KEY * len(self.command)

    def answers_at(self, start: float) -> float:
        return self.typing_ends(start) + BEFORE_ENTER

    def ends(self, start: float) -> float:
        return self.answers_at(start) + TO_READ + TO_READ_A_ROW * len(self.answer)


# --- from a screen to steps ----------------------------------------------------------------------


def runs_of(line: str) -> list[Run]:
    runs, style, column = [], "", 0
    for part in re.split(r"(\x1b\[[0-9;]*m|\t| {2,})", line):
        colour = re.fullmatch(r"\x1b\[([0-9;]*)m", part)
        if colour and colour[1] in STYLES:
            style = STYLES[colour[1]]
        elif part == "\t":
            column += 8 - column % 8
        elif re.search(r"[\x00-\x1f\x7f]", part):
            sys.exit(f"picture.py: what does {part!r} do to a terminal?")
        else:
            text = part.strip(" ")
            if text:
                runs.append(Run(column + len(part) - len(part.lstrip(" ")), text, style))
            column += width_of(part)
    if column > COLUMNS:
        sys.exit(f"picture.py: wider than {COLUMNS} columns: {line}")
    return runs


def steps_of(screen: str) -> list[Step]:
    steps: list[Step] = []
    screen = re.sub(r"\b20\d\d-\d\d-\d\d \d\d:\d\d\b", SOME_TIME, screen)
    for line in screen.replace("\r\n", "\n").splitlines():
        if line == PROMPT + "exit":
            return steps
        if line.startswith(PROMPT):
            steps.append(Step(line.removeprefix(PROMPT), []))
        else:
            steps[-1].answer.append(runs_of(line))
    sys.exit("picture.py: the session has no end")


# --- from steps to a picture ---------------------------------------------------------------------


class Film:
    """What moves: each thing has an animation of its own, all as long as the whole."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.rules: list[str] = []

    def animate(self, name: str, *frames: tuple[float, str]) -> None:
        """Between frames nothing moves, save where a frame says how."""
        text = " ".join(f"{100 * at / self.seconds:.2f}% {{ {what} }}" for at, what in frames)
        self.rules.append(f"@keyframes {name} {{ {text} }}\n")
        self.rules.append(f".{name} {{ animation: {name} {self.seconds:.2f}s step-end infinite }}\n")

    def style(self) -> str:
        return "@media (prefers-reduced-motion: no-preference) {\n" + "".join(self.rules) + "}\n"


def scrolled_for(rows: int) -> str:
    """Where the screen is when there are so many."""
    return f"transform: translateY({min(0, ROWS - rows) * LINE}px)"


def draw_prompt(row: int, number: int, step: Step, start: float, film: Film) -> str:
    """The command of a step, below a cover with the cursor, which moves away as it is typed."""
    typed = Run(len(PROMPT), step.command, "typed")
    typing_ends = step.typing_ends(start)
    moved = f"transform: translateX({width_of(step.command) * CELL}px)"
    film.animate(
        f"cover{number}",
        (0, "opacity: 1; transform: none"),
        (start + BEFORE_TYPING, f"transform: none; animation-timing-function: steps({len(step.command)})"),
        (typing_ends, f"opacity: 1; {moved}"),
        (step.answers_at(start), f"opacity: 0; {moved}"),
    )
    left, top = typed.column * CELL, row * LINE
    return (
        f"{Run(0, PROMPT.strip(), 'prompt').svg(row)}\n{typed.svg(row)}\n"
        f'<g class="cover cover{number}"><rect class="untyped" x="{left}" y="{top}" width="{COLUMNS * CELL}" '
        f'height="{LINE}"/><rect class="cursor" x="{left}" y="{top}" width="{CELL}" height="{LINE - 1}"/></g>\n'
    )


def draw_last_prompt(row: int) -> str:
    return (
        f"{Run(0, PROMPT.strip(), 'prompt').svg(row)}\n"
        f'<rect class="cursor" x="{len(PROMPT) * CELL}" y="{row * LINE}" width="{CELL}" height="{LINE - 1}"/>\n'
    )


def draw_steps(steps: list[Step]) -> tuple[str, str]:
    """What is on the screen, and how it moves. An answer comes together with the next prompt."""
    starts = [0.0]
    for step in steps:
        starts.append(step.ends(starts[-1]))
    film = Film(starts[-1] + TO_READ_THE_LAST)
    scrolled = [(0.0, scrolled_for(0))]
    drawn = draw_prompt(0, 0, steps[0], 0, film)
    row = 1
    for number, step in enumerate(steps):
        answers_at = step.answers_at(starts[number])
        runs = [run.svg(row + i) + "\n" for i, line in enumerate(step.answer) for run in line]
        row += len(step.answer)
        if number + 1 < len(steps):
            runs.append(draw_prompt(row, number + 1, steps[number + 1], starts[number + 1], film))
        else:
            runs.append(draw_last_prompt(row))
        row += 1
        film.animate(f"answer{number}", (0, "opacity: 0"), (answers_at, "opacity: 1"))
        drawn += f'<g class="answer{number}">\n{"".join(runs)}</g>\n'
        scrolled.append((answers_at, scrolled_for(row)))
    film.animate("screen", *scrolled)
    return f'<g class="screen">\n{drawn}</g>\n', f".screen {{ {scrolled_for(row)} }}\n{film.style()}"


def draw(screen: str) -> str:
    drawn, moves = draw_steps(steps_of(screen))
    width, height = COLUMNS * CELL, ROWS * LINE
    whole_width, whole_height = width + 2 * MARGIN, height + BAR + MARGIN
    buttons = "".join(f'<circle class="button" cx="{MARGIN + 6 + 20 * i}" cy="18" r="6"/>' for i in range(3))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole_width} {whole_height}" width="{whole_width}" '
        f'height="{whole_height}" role="img" aria-labelledby="title description">\n'
        "<!-- made by packaging/picture/draw -->\n"
        f'<title id="title">{escape(TITLE)}</title>\n<desc id="description">{escape(DESCRIPTION)}</desc>\n'
        f"<style>\n{STYLE}{moves}</style>\n"
        f'<rect class="window" x="0.5" y="0.5" width="{whole_width - 1}" height="{whole_height - 1}" rx="8"/>\n'
        f'{buttons}\n<svg x="{MARGIN}" y="{BAR}" width="{width}" height="{height}">\n{drawn}</svg>\n</svg>\n'
    )


# --- from a picture to its text ------------------------------------------------------------------


def text_of(path: str) -> str:
    rows: dict[int, str] = {}
    for text in xml.etree.ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text"):
        row = int(text.attrib["y"]) // LINE
        before = rows.get(row, "")
        gap = int(text.attrib["x"]) // CELL - width_of(before)
        rows[row] = before + " " * gap + (text.text or "")
    return "".join(rows.get(row, "") + "\n" for row in range(max(rows) + 1))


def main() -> None:
    if sys.argv[1:] == ["draw"]:
        sys.stdout.write(draw(sys.stdin.buffer.read().decode()))
    elif sys.argv[1:2] == ["text"] and len(sys.argv) == 3:
        sys.stdout.write(text_of(sys.argv[2]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
