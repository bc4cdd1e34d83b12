"""The programs that dev.py runs, and all their descendants."""

import os
import pathlib
import signal
import subprocess
import threading
import time

from build import ROOT, environment

CARGO_LAMBDA = ROOT / ".tools/cargo-lambda/bin"
# The dozen cargos that start the functions repeat this line. It has no information about the functions.
NOISE = (
    "waiting for file lock on",
    "Finished `",
    "` profile [",
    "Running `",
    "starting lambda function instance",
    "spawning function instance",
    "AWS_LAMBDA_MAX_CONCURRENCY is set",
    # Functions log this when cargo-lambda ends before them.
    "the function lost its runtime",
    # A client that closed the connection, as browsers do.
    "Lambda Runtime API returned non-200 response",
)
# Names of processes that build something.
BUILDERS = ("cargo", "rustc")


class Failure(Exception):
    """An error message for the developer."""


def say(text):
    print(f"dev: {text}", flush=True)


def child_environment():
    """This process's environment, without anything that could lead a function to a real AWS account."""
    kept = {name: value for name, value in environment().items() if not name.startswith(("AWS_", "DAFTARI_"))}
    kept["PATH"] = f"{CARGO_LAMBDA}{os.pathsep}{kept.get('PATH', '')}"
    return kept


class Child:
    """A program in its own session, so that only dev.py sends it signals."""

    def __init__(self, name, command, hidden=()):
        """Prints the program's lines, except those with one of the texts of `hidden`."""
        self.name = name
        self.hidden = hidden
        # The last lines, also the hidden ones.
        self.lines = []
        # Cargo's lines about compiled crates.
        self.compiled = []
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.relay = threading.Thread(target=self.pass_on, daemon=True)
        self.relay.start()

    def pass_on(self):
        for line in self.process.stdout:
            # Cargo writes a line in pieces, and several cargos share the pipe, so a line may be torn.
            if "Compiling" in line:
                self.compiled.append(line.strip())
            if not any(noise in line for noise in NOISE):
                if not any(text in line for text in self.hidden):
                    print(line, end="", flush=True)
                self.lines = [*self.lines[-99:], line.strip()]

    def check(self):
        code = self.process.poll()
        if code is not None:
            self.relay.join(1)
            raise Failure(f"{self.name} ended with code {code}; see above")

    def builds(self):
        """Whether it builds something or waits for a build: cargo is replaced by the program it runs once that is
        built."""
        family = family_of(self.process.pid)
        return any(name in BUILDERS for pid, (_, name) in processes().items() if pid in family)

    def stop(self, seconds):
        """Asks the program to end, waits, and then kills the rest of it and its descendants.

        cargo-lambda starts each function in its own session, so only the parent links identify the functions. These
        links are lost when the parent ends; therefore they are recorded first.
        """
        family = set()
        force_at = time.monotonic() + seconds
        if self.process.poll() is None:
            family |= family_of(self.process.pid)
            self.process.terminate()
        while self.process.poll() is None and time.monotonic() < force_at:
            family |= family_of(self.process.pid)
            time.sleep(0.05)
        if self.process.poll() is None:
            say(f"{self.name} does not stop; ending it")
            self.process.kill()
        self.process.wait()
        family.discard(self.process.pid)
        for how in (signal.SIGTERM, signal.SIGKILL):
            patience = time.monotonic() + 2
            while (left := family & processes().keys()) and time.monotonic() < patience:
                for pid in left:
                    end(pid, how)
                time.sleep(0.1)


def processes():
    """Every process, with its parent and its name. Uses `ps` if there is no /proc."""
    if not pathlib.Path("/proc/self/stat").exists():
        listed = subprocess.run(["ps", "-axo", "pid=,ppid=,comm="], stdout=subprocess.PIPE, text=True).stdout
        rows = (line.split(None, 2) for line in listed.splitlines())
        return {int(pid): (int(parent), pathlib.PurePath(name.strip()).name) for pid, parent, name in rows}
    table = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        state, parent = rest.split()[:2]
        if state != "Z":
            table[int(stat.parent.name)] = (int(parent), head.partition("(")[2])
    return table


def family_of(pid):
    """A process and all its descendants."""
    table = processes()
    family = {pid}
    while grown := {child for child, (parent, _) in table.items() if parent in family} - family:
        family |= grown
    return family


def end(pid, how):
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        pass
