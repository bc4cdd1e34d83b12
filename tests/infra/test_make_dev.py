"""While functions start, `make dev` waits for the right time and notices running builds."""

import hashlib
import http.server
import json
import os
import shutil
import subprocess
import threading
import time

import pytest

import build
import children
import dev
import functions
import template

SECONDS = 30


def wait_until(holds):
    until = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_the_limit_counts_from_when_nothing_is_being_built():
    patience = dev.Patience(300, 0)
    assert not any(patience.is_over(now, builds=True) for now in range(0, 1_000, 10))
    assert not patience.is_over(1_290, builds=False)
    assert patience.is_over(1_291, builds=False)


def test_an_endless_build_times_out():
    patience = dev.Patience(300, 0)
    assert not patience.is_over(dev.BUILD_SECONDS, builds=True)
    assert patience.is_over(dev.BUILD_SECONDS + 1, builds=True)


def test_a_cargo_below_a_program_is_seen_until_it_becomes_another_one(tmp_path):
    cargo = tmp_path / "cargo"
    shutil.copy(shutil.which("bash"), cargo)
    # Like cargo-lambda: it starts cargo, and the function replaces the cargo process.
    script = f"""{cargo} -c 'read < {tmp_path}/go; exec sleep 60' & wait"""
    os.mkfifo(tmp_path / "go")
    child = children.Child("a program", ["bash", "-c", script])
    try:
        wait_until(child.builds)
        with open(tmp_path / "go", "w") as go:
            go.write("\n")
        wait_until(lambda: not child.builds())
    finally:
        child.stop(1)


def test_the_printed_command_of_the_operators_tool_finds_the_data(tmp_path, capsys):
    tool = "cargo run --locked -q --bin daftari-admin -- organization list --local\n"
    dev.welcome("http://127.0.0.1:9000", (dev.ROOT / ".local").resolve())
    assert f"\n{tool}" in capsys.readouterr().out
    elsewhere = tmp_path / "other data"
    dev.welcome("http://127.0.0.1:9000", elsewhere)
    assert f"\nDATA_DIR='{elsewhere}' {tool}" in capsys.readouterr().out


def test_compiled_crates_are_noticed_even_in_a_torn_line():
    child = children.Child("a program", ["echo", "    Finished   Compiling dti v0.1.0 (/functions/dti)"])
    child.relay.join(SECONDS)
    assert child.compiled == ["Finished   Compiling dti v0.1.0 (/functions/dti)"]


def test_a_hidden_line_is_kept_but_not_printed(capsys):
    child = children.Child("a program", ["printf", "before\ntable ready http://there\nafter\n"], hidden=("table ready ",))
    child.relay.join(SECONDS)
    assert child.lines == ["before", "table ready http://there", "after"]
    assert capsys.readouterr().out == "before\nafter\n"


class Ended(children.Child):
    """A program that has printed the table's line, and ends when it is looked at again."""

    def __init__(self, *_, **__):
        self.lines, self.compiled = [f"{dev.TABLE_READY}http://127.0.0.1:1"], []

    def check(self):
        raise dev.Stopped


class Waited:
    def wait(self, *_):
        pass


def test_each_build_is_announced_and_only_the_end_looks_like_it(monkeypatch, tmp_path, capsys):
    def make(binaries, _):
        print("built " + " ".join(binaries))
        return tmp_path

    def console():
        print("console")

    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr(dev, "check_port", lambda *_: None)
    monkeypatch.setattr(dev, "CARGO_LAMBDA", tmp_path)
    (tmp_path / "cargo-lambda").touch()
    (tmp_path / "routes.json").write_text("[]")
    monkeypatch.setattr(dev, "build", make)
    monkeypatch.setattr(dev, "build_console", console)
    monkeypatch.setattr(dev, "Child", Ended)
    monkeypatch.setattr(dev, "Waiting", lambda *_: Waited())
    monkeypatch.setattr(dev, "Schedule", lambda *_: None)
    with pytest.raises(dev.Stopped):
        dev.run([])
    lines = [line for line in capsys.readouterr().out.splitlines() if line and not line.startswith("dev:   cargo ")]
    wanted = [
        "dev: build 1 of 2: the local table, with the demo data",
        "built daftari-local",
        "dev: build 1 of 2 is done (0 s)",
        "console",
        "dev: build 2 of 2: the functions, which answer the requests",
        "built " + " ".join(functions.names()),
        "dev: build 2 of 2 is done (0 s)",
        "dev: the local table answers; the functions start next, one after another",
        "ready http://127.0.0.1:9000",
    ]
    assert lines[: len(wanted)] == wanted
    assert [line for line in lines if "ready " in line] == ["ready http://127.0.0.1:9000"]


def test_a_failed_build_is_named(monkeypatch):
    def fail(*_):
        raise build.BuildFailed

    monkeypatch.setattr(dev, "build", fail)
    with pytest.raises(children.Failure, match="build 2 of 2 failed"):
        dev.build_step(2)


def test_log_lines_of_the_wait_for_functions_are_not_shown(monkeypatch, tmp_path):
    asked = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_PROBE(self):
            asked.append(self.command)
            self.send_response(404)
            self.send_header("content-type", "application/problem+json")
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer((dev.LOOPBACK, 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert dev.answers(server.server_port, "dti")
        server.shutdown()
    monkeypatch.setattr(dev, "Child", lambda *_, hidden: hidden)
    hidden = dev.start_functions(9000, tmp_path, tmp_path / "CargoLambda.toml", 4, True)
    # The line of a function about such a request, as telemetry/line.rs writes it.
    line = json.dumps({"level": "INFO", "method": asked[0], "route": "", "status": 404}, separators=(",", ":"))
    assert any(text in line for text in hidden)
    assert not any(text in line.replace(asked[0], "GET") for text in hidden)


def test_cargo_is_said_to_build_only_if_it_compiles(monkeypatch, capsys):
    class Watch:
        compiled = []

        def check(self):
            pass

        def builds(self):
            return True

    for compiled, told in (([], "waiting for dti\n"), (["Compiling dti"], "waiting for dti; cargo is building\n")):
        watch = Watch()
        watch.compiled = compiled
        waiting = dev.Waiting.__new__(dev.Waiting)
        waiting.functions, waiting.up, waiting.over = ["dti"], set(), threading.Event()
        waiting.started = time.monotonic() - 2 * dev.TELL_SECONDS
        monkeypatch.setattr(dev, "TELL_SECONDS", 0.01)
        monkeypatch.setattr(dev, "LOOK_SECONDS", 0.01)
        threading.Timer(0.5, waiting.up.add, ["dti"]).start()
        waiting.wait([watch], 300)
        assert capsys.readouterr().out.startswith(f"dev: {told}")


def test_the_operators_tool_looks_for_the_api_where_make_dev_announces_it(tmp_path):
    tool = (build.ROOT / "infra/common/src/local.rs").read_text()
    assert f'API_FILE: &str = "{dev.API_FILE}"' in tool
    file = dev.announce(tmp_path, "http://127.0.0.1:9100")
    assert file == tmp_path / dev.API_FILE
    assert file.read_text() == "http://127.0.0.1:9100\n"


def test_cargo_lambda_builds_with_the_profile_of_the_first_build(monkeypatch):
    monkeypatch.setenv("CARGO_PROFILE_RELEASE_LTO", "fat")
    assert build.PROFILE.items() <= build.environment().items()
    assert build.PROFILE.items() <= children.child_environment().items()


def units(binaries):
    """The units that cargo would build for some binaries: a digest of each unit and all below it. Builds nothing."""
    command = [*build.build_command(binaries), "--unit-graph", "-Z", "unstable-options"]
    # Allows unstable options on a stable cargo.
    environment = {**build.environment(), "RUSTC_BOOTSTRAP": "1"}
    answer = subprocess.run(command, cwd=build.ROOT, env=environment, check=True, stdout=subprocess.PIPE, timeout=120)
    listed = json.loads(answer.stdout)["units"]
    digests = {}

    def digest(at):
        if at not in digests:
            below = [[one["extern_crate_name"], digest(one["index"])] for one in listed[at]["dependencies"]]
            text = json.dumps([{**listed[at], "dependencies": None}, below], sort_keys=True)
            digests[at] = hashlib.sha256(text.encode()).hexdigest()
        return digests[at]

    return {digest(at): unit for at, unit in enumerate(listed)}


@pytest.mark.parametrize("release", ["0", "1"])
def test_a_function_alone_needs_nothing_that_the_build_of_all_functions_leaves_out(monkeypatch, release):
    monkeypatch.setenv("RELEASE", release)
    built = units(functions.names())
    # The bitcode of a crate depends on its users if there is link-time optimization, and units do not tell.
    assert {unit["profile"]["lto"] for unit in built.values()} <= {"off", "false"}
    for function in functions.names():
        missing = [unit["pkg_id"] for digest, unit in units([function]).items() if digest not in built]
        assert not missing, function


def test_functions_of_a_schedule_are_called_here_too(source):
    scheduled = {
        template.binary(function)
        for function in template.functions(source).values()
        if any(event["Type"] == "Schedule" for event in function["Properties"].get("Events", {}).values())
    }
    assert scheduled == set(dev.SCHEDULED)


def test_a_scheduled_function_is_called_again_also_if_it_fails(monkeypatch):
    called = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            called.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(500 if len(called) == 1 else 200)
            self.end_headers()

        def log_message(self, *_):
            pass

    monkeypatch.setattr(dev, "SCHEDULE_SECONDS", 0.01)
    with http.server.HTTPServer((dev.LOOPBACK, 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        dev.Schedule(server.server_port, "count-users")
        wait_until(lambda: len(called) >= 3)
        server.shutdown()
    assert set(called) == {("/2015-03-31/functions/count-users/invocations", b"{}")}


def test_cargo_lambda_gets_the_routes_as_they_are(tmp_path):
    routes = [
        {"path": "/users/{user_uuid}/ledger", "function": "ledger", "methods": ["GET", "HEAD"]},
        {"path": "/{*rest}", "function": "users"},
    ]
    written = dev.write_router(tmp_path, routes).read_text(encoding="utf-8")
    assert template.tomllib.loads(written) == {"watch": {"router": routes}}
