#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs COMMAND at a terminal of its own, as a shell with job control does, and sits there.

  at_terminal.py [OPTION…] [STEP…] -- COMMAND…

Steps, in their order:
  --answer LINE      wait for a prompt (echo is off, and what came since the last answer ends with
                     a colon), type LINE and Enter
  --answer-env NAME  the same with what this variable holds, which COMMAND does not get: a list of
                     processes shows no LINE then
  --press KEY        wait for a prompt, and press Control and KEY (c, z, d, \\)
  --look             wait for a prompt, and do nothing more than that
  --expect TEXT      wait for TEXT on the screen, after what earlier steps waited for
  --type LINE        type LINE and Enter at once
  --hang-up          the terminal goes away, as when a window is closed
  --touch FILE       make FILE, so that others know how far we are
  --await FILE       wait until others made FILE
  --wait SECONDS     do nothing for so long

The screen goes to --screen FILE; what came of it goes to --report FILE, as JSON: "status" (128 + N
where signal N ended it), "echo" and "canonical" (how the terminal was left), "stopped" (it was stopped
by the terminal, and ended by us), "steps_left", "max_rss_kb". Exits with that status, with 90 where the
command ended before all steps were done, with 91 where it did not end in time.
"""

import argparse
import fcntl
import json
import os
import select
import signal
import struct
import sys
import termios
import time


class Step(argparse.Action):
    def __call__(self, parser, namespace, value, option_string=None):
        namespace.steps = (getattr(namespace, "steps", None) or []) + [(self.dest, value)]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name in ("answer", "answer-env", "press", "expect", "type", "touch", "await", "wait"):
        parser.add_argument("--" + name, action=Step)
    for name in ("look", "hang-up"):
        parser.add_argument("--" + name, action=Step, nargs=0, dest=name)
    parser.add_argument("--in", dest="input", default="/dev/null", help="a file, or `tty`")
    parser.add_argument("--out", default="tty", help="a file, or `tty`")
    parser.add_argument("--err", default="tty", help="a file, or `tty`")
    parser.add_argument("--screen", default="/dev/null")
    parser.add_argument("--report", default="/dev/null")
    parser.add_argument("--columns", type=int, default=80, help="the width of the terminal")
    parser.add_argument("--limit", type=float, default=120, help="seconds for all of it")
    parser.add_argument("--background", action="store_true", help="COMMAND is not in the foreground")
    parser.add_argument("--may-end", action="store_true", help="steps may be left when it ends")
    parser.add_argument("command", nargs="+")
    parser.set_defaults(steps=[])
    options = parser.parse_args()
    named = {value: os.environ.pop(value) for value in {value for name, value in options.steps if name == "answer_env"}}
    options.steps = [("answer", named[value]) if name == "answer_env" else (name, value) for name, value in options.steps]
    return options


def run_job(options, slave):
    """In a session whose terminal this is: COMMAND as a job of its own. Returns (status, stopped, rss)."""
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    # A shell's own: it changes the foreground group from the background, and outlives ^C and hang-ups.
    for number in (signal.SIGTTOU, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    ready, go = os.pipe()
    job = os.fork()
    if job == 0:
        os.close(go)
        os.setpgid(0, 0)
        for number in (signal.SIGTTOU, signal.SIGHUP, signal.SIGINT, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        os.read(ready, 1)
        for number, name, flags in (
            (0, options.input, os.O_RDONLY),
            (1, options.out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
            (2, options.err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        ):
            os.dup2(slave if name == "tty" else os.open(name, flags, 0o600), number)
        os.closerange(3, 256)
        try:
            os.execvp(options.command[0], options.command)
        except OSError as error:
            os.write(2, f"{options.command[0]}: {error.strerror}\n".encode())
        os._exit(127)
    os.setpgid(job, job)
    if not options.background:
        os.tcsetpgrp(slave, job)
    os.close(ready)
    os.close(go)
    _, status, usage = os.wait4(job, os.WUNTRACED)
    stopped = os.WIFSTOPPED(status)
    if stopped:
        os.killpg(job, signal.SIGKILL)
        os.waitpid(job, 0)
        return 128 + os.WSTOPSIG(status), True, 0
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
    return code, False, usage.ru_maxrss


class Sitter:
    """Whoever sits at the terminal: reads the screen and does the steps."""

    def __init__(self, options, master, slave):
        self.options, self.master, self.slave = options, master, slave
        self.steps = list(options.steps)
        self.screen = bytearray()
        self.done_to = 0  # what is on the screen before this, an earlier step waited for
        self.written_to = 0  # and this was there when the last step wrote
        self.wait_until = None
        self.screen_file = open(options.screen, "wb", buffering=0)

    def read(self):
        try:
            data = os.read(self.master, 65536)
        except OSError:  # EIO: nobody has the other side open
            return
        self.screen += data
        self.screen_file.write(data)

    def prompted(self):
        fresh = bytes(self.screen[self.written_to :]).rstrip(b" ")
        return not termios.tcgetattr(self.slave)[3] & termios.ECHO and fresh.endswith(b":")

    def write(self, data):
        self.done_to = self.written_to = len(self.screen)
        os.write(self.master, data)

    def waited(self, seconds):
        if self.wait_until is None:
            self.wait_until = time.monotonic() + seconds
        if time.monotonic() < self.wait_until:
            return False
        self.wait_until = None
        return True

    def step(self, name, value):
        """True if the step is done."""
        if name in ("answer", "press", "look"):
            if not self.prompted():
                self.wait_until = None
                return False
            # A signal just between the prompt and the reading is nothing that a person could send.
            if name == "press" and not self.waited(0.1):
                return False
            if name == "answer":
                self.write(os.fsencode(value) + b"\n")
            elif name == "press":
                self.write(bytes([ord(value.upper()) & 0x1F]))
        elif name == "expect":
            found = self.screen.find(os.fsencode(value), self.done_to)
            if found < 0:
                return False
            self.done_to = found + len(os.fsencode(value))
        elif name == "type":
            self.write(os.fsencode(value) + b"\n")
        elif name == "touch":
            open(value, "w", encoding="utf-8").close()
        elif name == "await":
            return os.path.exists(value)
        elif name == "wait":
            return self.waited(float(value))
        else:
            os.close(self.slave)
            os.close(self.master)
            self.master = self.slave = None
        return True

    def go_on(self):
        while self.steps and self.step(*self.steps[0]):
            self.steps.pop(0)


def main():
    options = arguments()
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, options.columns, 0, 0))
    result, result_out = os.pipe()
    shell = os.fork()
    if shell == 0:
        os.close(master)
        os.close(result)
        answer = run_job(options, slave)
        os.write(result_out, json.dumps(answer).encode())
        os._exit(0)
    os.close(result_out)
    sitter = Sitter(options, master, slave)
    deadline = time.monotonic() + options.limit
    answer = b""
    while not answer:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        waiting = [result] + ([sitter.master] if sitter.master is not None else [])
        readable, _, _ = select.select(waiting, [], [], min(left, 0.02))
        if sitter.master in readable:
            sitter.read()
        sitter.go_on()
        if result in readable:
            answer = os.read(result, 65536)
            if not answer:
                break
    for _ in range(100):  # what is still on its way to the screen
        if sitter.master is None or not select.select([sitter.master], [], [], 0)[0]:
            break
        sitter.read()
    report = {"steps_left": len(sitter.steps)}
    if sitter.slave is not None:
        flags = termios.tcgetattr(sitter.slave)[3]
        report["echo"] = bool(flags & termios.ECHO)
        report["canonical"] = bool(flags & termios.ICANON)
    if answer:
        report["status"], report["stopped"], report["max_rss_kb"] = json.loads(answer)
    else:
        end_session(shell)
        report["status"] = 91
    os.waitpid(shell, 0)
    with open(options.report, "w", encoding="utf-8") as file:
        json.dump(report, file)
    if not answer:
        print(f"at_terminal: no end within {options.limit} s", file=sys.stderr)
    elif sitter.steps and not options.may_end:
        print(f"at_terminal: it ended before {sitter.steps[0]}", file=sys.stderr)
        sys.exit(90)
    sys.exit(report["status"])


def end_session(leader):
    """All processes of the session that we made, by their numbers."""
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == leader:
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            if int(fields[3]) == leader:
                os.kill(int(name), signal.SIGKILL)
        except OSError:
            continue
    os.kill(leader, signal.SIGKILL)


if __name__ == "__main__":
    main()
