"""Runs Daftari on this machine: the local table, and every function under `cargo lambda watch`.

    make dev                                                     on port 9000
    PORT=9100 TABLE_PORT=8100 DATA_DIR=.local2 make dev          a second copy beside it

Environment: PORT (9000), TABLE_PORT (8000), DATA_DIR (.local), RELEASE=1 for release builds (without link-time
optimization), CONCURRENCY (4) concurrent requests per function, RELOAD=0 to keep functions running when code changes,
START_SECONDS (300) to wait for the functions to start, not counting the time of builds, CONSOLE=0 to leave the
console's page unchanged (for work without the network).
Ctrl-C stops everything. Exit codes: 0 stopped by the developer, 1 failed.
"""

import http.client
import json
import os
import pathlib
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import functions
from build import ROOT, BuildFailed, build, build_command, profile_options
from children import CARGO_LAMBDA, Child, Failure, child_environment, say

LOOPBACK = "127.0.0.1"
DEMO_LOGIN = "demo@daftari.example:demo-password-2021"
MERCY = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4"
# The default folder of data.
DATA_DIR = ".local"
# The builds, with their purpose. A build of all binaries would build the dependencies of the functions with the features
# of the table, and cargo-lambda, which runs one function at a time, would build them again.
BUILDS = (
    ("the local table, with the demo data", ["daftari-local"]),
    ("the functions, which answer the requests", functions.names()),
)
# The table prints this once it answers. Here it would look like the end, so it is replaced by a line about the rest.
TABLE_READY = "table ready "
# The method of the requests that wait for a function, which no client uses. The log lines about them are not shown: they
# have the status 404 and would look like failures.
PROBE = "PROBE"
# File of the folder of data with the address of the API, for the operator's tool (infra/common/src/local.rs).
API_FILE = "api-url"
# The functions without requests are called by a schedule, which cargo-lambda does not have.
SCHEDULED = functions.names(requests=False)
SCHEDULE_SECONDS = 5
# The interval between lists of missing functions, and between looks for running builds.
TELL_SECONDS = 10
LOOK_SECONDS = 1
# Longest total time for builds while functions start, unless START_SECONDS is longer.
BUILD_SECONDS = 3_600


class Stopped(Exception):
    """A signal asked this program to end."""


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
                f"     Stop the program that uses it, or choose another: {name}={port + 100} make dev"
            ) from None


def build_step(number):
    """The folder of the binaries of a build, which is announced. The first is number 1."""
    purpose, binaries = BUILDS[number - 1]
    name = f"build {number} of {len(BUILDS)}"
    started = time.monotonic()
    say(f"{name}: {purpose}")
    say("  " + " ".join(build_command(binaries)))
    try:
        folder = build(binaries, child_environment())
    except BuildFailed:
        raise Failure(f"{name} failed; see above") from None
    say(f"{name} is done ({time.monotonic() - started:.0f} s)")
    return folder


def build_console():
    """Builds the console's page, which its function embeds."""
    say("building the console's page")
    if subprocess.run([str(ROOT / "infra/dev/console.sh")], env=child_environment()).returncode != 0:
        raise Failure(
            "the console's page was not built; see above.\n"
            "     Without the network: CONSOLE=0 make dev serves everything else"
        )


def start_table(binaries, table_port, data_dir):
    command = [str(binaries / "daftari-local"), "--data-dir", str(data_dir), "--port", str(table_port)]
    return Child("the local table", command, hidden=(TABLE_READY,))


def wait_for_table(table, deadline):
    while not any(line.startswith(TABLE_READY) for line in table.lines):
        table.check()
        if time.monotonic() > deadline:
            raise Failure("the local table did not become ready in time")
        time.sleep(0.05)
    say("the local table answers; the functions start next, one after another")


def read_routes(data_dir):
    """The route table, which the local table has written to a file."""
    return json.loads((data_dir / "routes.json").read_text(encoding="utf-8"))


def write_router(data_dir, routes):
    """The configuration file of cargo-lambda with its routes. Strings and lists are the same in JSON and TOML."""
    lines = []
    for route in routes:
        lines += ["[[watch.router]]", *(f"{name} = {json.dumps(value)}" for name, value in route.items())]
    path = data_dir / "CargoLambda.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def start_functions(port, data_dir, router, concurrency, reload):
    command = [
        str(CARGO_LAMBDA / "cargo-lambda"), "lambda", "--global", str(router), "watch",
        "--invoke-address", LOOPBACK, "--invoke-port", str(port),
        "--env-file", str(data_dir / "functions.env"),
        "--concurrency", str(concurrency),
        # Like the deployed gateway without CorsOrigins.
        "--disable-cors",
        *profile_options(),
    ]
    if not reload:
        command.append("--ignore-changes")
    return Child("cargo lambda watch", command, hidden=(f'"method":"{PROBE}"',))


def answers(port, function):
    """Whether the function itself answers: with its problem document for an unknown path."""
    url = f"http://{LOOPBACK}:{port}/lambda-url/{function}/-/is-it-there"
    request = urllib.request.Request(url, method=PROBE)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            kind = answer.headers.get("content-type", "")
    except urllib.error.HTTPError as error:
        kind = error.headers.get("content-type", "")
    except OSError:
        return False
    return kind.startswith("application/problem+json")


class Patience:
    """A timeout for starting functions, which does not count the time of builds."""

    def __init__(self, seconds, now):
        self.seconds = seconds
        self.started = self.idle_since = now

    def is_over(self, now, builds):
        if builds:
            self.idle_since = now
        return now - self.idle_since > self.seconds or now - self.started > max(BUILD_SECONDS, self.seconds)


class Waiting:
    """Waits for the functions one after another. cargo-lambda starts a function at its first request, and simultaneous
    first requests to several functions hang until they time out."""

    def __init__(self, port, functions):
        self.functions = functions
        self.started = time.monotonic()
        self.up = set()
        self.over = threading.Event()
        threading.Thread(target=self.ask, args=(port,), daemon=True).start()

    def ask(self, port):
        for function in self.functions:
            asked = time.monotonic()
            while not answers(port, function):
                if self.over.wait(0.2):
                    return
            say(f"{function} answers ({time.monotonic() - asked:.1f} s)")
            self.up.add(function)

    def missing(self):
        return [function for function in self.functions if function not in self.up]

    def wait(self, children, seconds):
        """Waits until all functions answer, and reports the missing ones meanwhile."""
        watch = children[-1]
        looked = told = self.started
        patience = Patience(seconds, self.started)
        try:
            while missing := self.missing():
                for child in children:
                    child.check()
                now = time.monotonic()
                if now - looked >= LOOK_SECONDS:
                    looked = now
                    builds = watch.builds()
                    over = patience.is_over(now, builds)
                    if now - told >= TELL_SECONDS:
                        told = now
                        # Cargo also runs to find that all is built.
                        building = "; cargo is building" if builds and watch.compiled else ""
                        say(f"waiting for {', '.join(missing)}{building}")
                    if over:
                        longer = f"START_SECONDS={3 * seconds} make dev"
                        raise Failure(f"no answer from {', '.join(missing)}; see above, or wait longer: {longer}")
                time.sleep(0.1)
        finally:
            self.over.set()


class Schedule:
    """Calls a function again and again, as EventBridge does once a minute. The function logs its failures."""

    def __init__(self, port, function):
        self.url = f"http://{LOOPBACK}:{port}/2015-03-31/functions/{function}/invocations"
        threading.Thread(target=self.call, daemon=True).start()

    def call(self):
        while True:
            request = urllib.request.Request(self.url, data=b"{}", headers={"content-type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    answer.read()
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(SCHEDULE_SECONDS)


def announce(data_dir, base):
    """Writes the address of the API for the operator's tool. Returns the file, to be deleted at the end."""
    path = data_dir / API_FILE
    path.write_text(base + "\n", encoding="utf-8")
    return path


def operator_tool(data_dir):
    """The command of the operator's tool on this service. The variable names a non-default folder of data."""
    variable = "" if data_dir == (ROOT / DATA_DIR).resolve() else f"DATA_DIR={shlex.quote(str(data_dir))} "
    return f"{variable}cargo run --locked -q --bin daftari-admin -- organization list --local"


def welcome(base, data_dir):
    # A refusal is an object, and a service that does not answer leaves the input empty: curl tells why.
    read = "import json,sys; a=json.loads(sys.stdin.read() or \"{}\")"
    pick = f"{read}; print(a[0][\"auth\"][0][\"api_token\"]) if isinstance(a,list) else sys.exit(a.get(\"detail\"))"
    email, password = DEMO_LOGIN.split(":")
    print(
        f"\nready {base}\n\n"
        f"Demo login: {email}, password {password}\n"
        f"Console:    {base}/console\n"
        f"Reference:  {base}/docs\n\n"
        f"Or paste:\n\n"
        f"TOKEN=$(curl -sS -u {DEMO_LOGIN} {base}/auth | python3 -c '{pick}')\n"
        f"curl -s -H \"Authorization: Bearer $TOKEN\" '{base}/users?search=mercy'\n"
        f"curl -s -H \"Authorization: Bearer $TOKEN\" '{base}/users/{MERCY}/ledger?limit=3'\n\n"
        f"The operator's tool works on this service with --local:\n\n"
        f"{operator_tool(data_dir)}\n\n"
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
    start_seconds = number("START_SECONDS", 300, 1, 3_600)
    data_dir = pathlib.Path(setting("DATA_DIR", DATA_DIR))
    data_dir = (ROOT / data_dir).resolve()
    check_port("PORT", port)
    check_port("TABLE_PORT", table_port)

    binaries = build_step(1)
    if setting("CONSOLE", "1") == "1":
        build_console()
    build_step(2)
    children.append(start_table(binaries, table_port, data_dir))
    wait_for_table(children[0], time.monotonic() + start_seconds)
    routes = read_routes(data_dir)
    reload = setting("RELOAD", "1") == "1"
    children.append(start_functions(port, data_dir, write_router(data_dir, routes), concurrency, reload))
    Waiting(port, functions.names(requests=True)).wait(children, start_seconds)
    if compiled := children[-1].compiled:
        say(f"cargo lambda watch built again, although all was built: {'; '.join(compiled)}")
    for function in SCHEDULED:
        Schedule(port, function)
    base = f"http://{LOOPBACK}:{port}"
    address = announce(data_dir, base)
    try:
        welcome(base, data_dir)
        while True:
            for child in children:
                child.check()
            time.sleep(0.3)
    finally:
        address.unlink(missing_ok=True)


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
    # Functions end first, because their running requests need the table.
    for child in reversed(children):
        child.stop(5)
    if children:
        say("stopped")
    return code


if __name__ == "__main__":
    sys.exit(main())
