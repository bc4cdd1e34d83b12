"""Runs Daftari on this machine: the local table, and every function under `cargo lambda watch`.

    make dev                                                     on port 9000
    PORT=9100 TABLE_PORT=8100 DATA_DIR=.local2 make dev          a second copy beside it

Environment: PORT (9000), TABLE_PORT (8000), DATA_DIR (.local), RELEASE=1 for release builds, CONCURRENCY (4) requests to one
function at a time, RELOAD=0 to leave running functions alone when code changes, START_SECONDS (300) to wait for them.
Ctrl-C stops everything. Exit codes: 0 stopped as told, 1 failed.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
CARGO_LAMBDA = ROOT / ".tools/cargo-lambda/bin"
LOOPBACK = "127.0.0.1"
DEMO_LOGIN = "demo@daftari.example:demo-password-2021"
MERCY = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4"
# Told over and over by a dozen cargos that start the functions; says nothing of the functions.
NOISE = (
    "Blocking waiting for file lock",
    "Finished `",
    "Running `",
    "starting lambda function instance",
    "spawning function instance",
    "AWS_LAMBDA_MAX_CONCURRENCY is set",
    # What functions say when cargo-lambda ends before them.
    "the function lost its runtime",
)


class Failure(Exception):
    """A message for the person at the keyboard."""


class Stopped(Exception):
    """Somebody wants it to end."""


def say(text):
    print(f"dev: {text}", flush=True)


def setting(name, default):
    return os.environ.get(name) or default


def number(name, default, low, high):
    text = setting(name, str(default))
    if not text.isdigit() or not low <= int(text) <= high:
        raise Failure(f"{name} must be a number from {low} to {high}, not {text!r}")
    return int(text)


def check_port(name, port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise Failure(
                f"port {port} is taken ({error.strerror}).\n"
                f"     Stop what uses it, or choose another: {name}={port + 100} make dev"
            ) from None


def child_environment():
    """This process's, without what would lead a function to somebody's real account."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "DAFTARI_"))}
    kept["PATH"] = f"{CARGO_LAMBDA}{os.pathsep}{kept.get('PATH', '')}"
    return kept


def metadata():
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps"]
    found = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    routes = found["metadata"]["lambda"]["watch"]["router"]
    return sorted({route["function"] for route in routes}), pathlib.Path(found["target_directory"])


def build(functions, release):
    command = ["cargo", "build", "--bin", "daftari-local"]
    for function in functions:
        command += ["--bin", function]
    if release:
        command.append("--release")
    say("building: " + " ".join(command[1:]))
    if subprocess.run(command, cwd=ROOT, env=child_environment()).returncode != 0:
        raise Failure("the build failed; see above")


class Child:
    """A program in a session of its own, so that it gets no Ctrl-C but ours."""

    def __init__(self, name, command):
        self.name = name
        self.lines = []
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
            if not any(noise in line for noise in NOISE):
                print(line, end="", flush=True)
                self.lines = [*self.lines[-99:], line.strip()]

    def check(self):
        code = self.process.poll()
        if code is not None:
            self.relay.join(1)
            raise Failure(f"{self.name} ended with code {code}; see above")

    def stop(self, seconds):
        """Asks it to end, waits, and ends by force whatever is left of it and of what it started.

        cargo-lambda starts each function in a session of its own: only parentage leads to it, and that is lost with
        the parent, hence noted before.
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
    """Every process, with its parent. `ps` where there is no /proc."""
    if not pathlib.Path("/proc/self/stat").exists():
        listed = subprocess.run(["ps", "-axo", "pid=,ppid="], stdout=subprocess.PIPE, text=True).stdout
        return {int(pid): int(parent) for pid, parent in map(str.split, listed.splitlines())}
    table = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            table[int(stat.parent.name)] = int(parent)
    return table


def family_of(pid):
    """A process and all that descend from it."""
    table = processes()
    family = {pid}
    while grown := {child for child, parent in table.items() if parent in family} - family:
        family |= grown
    return family


def end(pid, how):
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        pass


def start_table(profile_folder, table_port, data_dir):
    program = profile_folder / "daftari-local"
    table = Child("the local table", [str(program), "--data-dir", str(data_dir), "--port", str(table_port)])
    return table


def wait_for_table(table, deadline):
    while not any(line.startswith("table ready ") for line in table.lines):
        table.check()
        if time.monotonic() > deadline:
            raise Failure("the local table did not become ready in time")
        time.sleep(0.05)


def start_functions(port, data_dir, release, concurrency, reload):
    command = [
        str(CARGO_LAMBDA / "cargo-lambda"), "lambda", "watch",
        "--invoke-address", LOOPBACK, "--invoke-port", str(port),
        "--env-file", str(data_dir / "functions.env"),
        "--concurrency", str(concurrency),
        # A gateway sends no headers of its own either: browsers are not who calls this API.
        "--disable-cors",
    ]
    if release:
        command.append("--release")
    if not reload:
        command.append("--ignore-changes")
    return Child("cargo lambda watch", command)


def answers(port, function):
    """Whether the function itself answers: it knows no such path, and says so as a problem document."""
    url = f"http://{LOOPBACK}:{port}/lambda-url/{function}/-/is-it-there"
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            kind = answer.headers.get("content-type", "")
    except urllib.error.HTTPError as error:
        kind = error.headers.get("content-type", "")
    except OSError:
        return False
    return kind.startswith("application/problem+json")


def wait_for_functions(children, port, functions, deadline):
    for function in functions:
        started = time.monotonic()
        while not answers(port, function):
            for child in children:
                child.check()
            if time.monotonic() > deadline:
                raise Failure(f"function {function} does not answer; see above, or wait longer: START_SECONDS=900 make dev")
            time.sleep(0.2)
        say(f"{function} answers ({time.monotonic() - started:.1f} s)")


def welcome(port):
    base = f"http://{LOOPBACK}:{port}"
    pick = "import json,sys; print(json.load(sys.stdin)[0][\"auth\"][0][\"api_token\"])"
    email, password = DEMO_LOGIN.split(":")
    print(
        f"\nready {base}\n\n"
        f"Demo login: {email}, password {password}. Paste:\n\n"
        f"TOKEN=$(curl -s -u {DEMO_LOGIN} {base}/auth | python3 -c '{pick}')\n"
        f"curl -s -H \"Authorization: Bearer $TOKEN\" '{base}/users?search=mercy'\n"
        f"curl -s -H \"Authorization: Bearer $TOKEN\" {base}/users/{MERCY}/ledger\n\n"
        f"Ctrl-C stops everything.\n",
        flush=True,
    )


def run(children):
    if not shutil.which("cargo"):
        raise Failure("Rust is missing: there is no 'cargo' on the PATH. Install it as https://rustup.rs says.")
    if not (CARGO_LAMBDA / "cargo-lambda").exists():
        raise Failure("cargo-lambda is missing: run 'make setup' first")
    port = number("PORT", 9000, 1, 65_535)
    table_port = number("TABLE_PORT", 8000, 1, 65_535)
    if port == table_port:
        raise Failure(f"PORT and TABLE_PORT are both {port}")
    concurrency = number("CONCURRENCY", 4, 1, 50)
    deadline_seconds = number("START_SECONDS", 300, 1, 3_600)
    release = setting("RELEASE", "0") == "1"
    data_dir = pathlib.Path(setting("DATA_DIR", ".local"))
    data_dir = (ROOT / data_dir).resolve()
    check_port("PORT", port)
    check_port("TABLE_PORT", table_port)

    functions, target = metadata()
    build(functions, release)
    deadline = time.monotonic() + deadline_seconds
    children.append(start_table(target / ("release" if release else "debug"), table_port, data_dir))
    wait_for_table(children[0], deadline)
    reload = setting("RELOAD", "1") == "1"
    children.append(start_functions(port, data_dir, release, concurrency, reload))
    wait_for_functions(children, port, functions, deadline)
    welcome(port)
    while True:
        for child in children:
            child.check()
        time.sleep(0.3)


def stop_on_signals():
    def stop(*_):
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        raise Stopped

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), stop)


def main():
    stop_on_signals()
    children = []
    code = 0
    try:
        run(children)
    except Stopped:
        say("stopping")
    except Failure as failure:
        print(f"\ndev: {failure}\n", file=sys.stderr, flush=True)
        code = 1
    except subprocess.CalledProcessError as error:
        print(f"\ndev: {' '.join(error.cmd)} failed\n", file=sys.stderr, flush=True)
        code = 1
    # The functions first: the table answers what they have begun.
    for child in reversed(children):
        child.stop(5)
    if children:
        say("stopped")
    return code


if __name__ == "__main__":
    sys.exit(main())
