"""Fixtures for the tests of infra/deploy: a local AWS, a stack in it, a service at its URL, and running scripts."""

import collections
import functools
import json
import logging
import os
import pathlib
import socket
import subprocess
import urllib.request

import boto3
import pytest
from moto.server import ThreadedMotoServer

import small_stack
from stub import Stub

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests/deploy"
PYTHON = ROOT / ".tools/sam/bin/python"
REGION = "eu-west-1"
SCRIPT_SECONDS = 120

Done = collections.namedtuple("Done", "code out err said")


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="session")
def moto():
    """URL of a local server that behaves like AWS."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def clients(moto):
    """Created once: loading a service's model takes longer than most calls."""
    session = boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION)
    return functools.lru_cache(maxsize=None)(lambda service: session.client(service, endpoint_url=moto))


@pytest.fixture
def aws(moto, clients, monkeypatch):
    """Clients of an empty account."""
    urllib.request.urlopen(urllib.request.Request(f"{moto}/moto-api/reset", method="POST"), timeout=10).close()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    return clients


@pytest.fixture
def stub():
    server = Stub()
    yield server
    server.stop()


def settings_of(moto=None):
    """An environment without the developer's settings."""
    names = ("PATH", "HOME", "DAFTARI_ADMIN", "CARGO_TARGET_DIR", "CARGO_HOME", "RUSTUP_HOME")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    kept.update(PYTHONDONTWRITEBYTECODE="1", AWS_EC2_METADATA_DISABLED="true", AWS_CONFIG_FILE="/dev/null")
    kept["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null"
    if moto:
        kept.update(AWS_ENDPOINT_URL=moto, AWS_ENDPOINT_URL_DYNAMODB=moto)
        kept.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_REGION=REGION)
    return kept


def execute(command, environment, stdin=""):
    found = subprocess.run(
        list(map(str, command)), env=environment, input=stdin, capture_output=True, text=True, timeout=SCRIPT_SECONDS
    )
    return Done(found.returncode, found.stdout, found.stderr, found.stdout + found.stderr)


@pytest.fixture
def run(request):
    """Runs a script with settings; None removes one. Uses the local AWS if the test does."""
    moto = request.getfixturevalue("moto") if "aws" in request.fixturenames else None

    def run(script, **settings):
        environment = {**settings_of(moto), **settings}
        environment = {name: value for name, value in environment.items() if value is not None}
        return execute([PYTHON, ROOT / f"infra/deploy/{script}.py"], environment)

    return run


@pytest.fixture
def deploy(moto, tmp_path, stub):
    """Runs deploy.py with a replacement of the SAM CLI."""
    sam = tmp_path / "sam"
    sam.write_text(f'#!/bin/sh\nPYTHONPATH={HERE} exec {PYTHON} {HERE}/fake_sam.py "$@"\n')
    sam.chmod(0o755)

    def deploy(**settings):
        environment = {**settings_of(moto), "ENV": "dev", "TEST_SAM": str(sam), "TEST_CALLS": str(tmp_path / "calls")}
        environment.update(TEST_URL=stub.url, TEST_INFRA=str(tmp_path), WAIT_SECONDS="1")
        environment.update(settings)
        environment = {name: value for name, value in environment.items() if value is not None}
        return execute([PYTHON, HERE / "deploy_with_fake_sam.py"], environment)

    return deploy


@pytest.fixture
def calls(tmp_path):
    def calls():
        path = tmp_path / "calls"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    return calls


@pytest.fixture
def deployed(aws, stub, stack):
    """The stack, with a service that publishes the stage's keys."""
    stub.jwks = json.loads(aws("ssm").get_parameter(Name="/daftari/dev/jwks")["Parameter"]["Value"])
    return stack


def passed_on(words):
    """Parameters of the template among the arguments of sam."""
    given = words[words.index("--parameter-overrides") + 1 :]
    found = {}
    for word in given:
        if word.startswith("ParameterKey="):
            name, value = word.removeprefix("ParameterKey=").split(",ParameterValue=")
            found[name] = value.strip('"')
    return found


@pytest.fixture
def stack(aws, stub, run):
    """Stage dev with keys, deployed: a table, two functions with alias live, and the stub as the service."""
    assert run("bootstrap", ENV="dev").code == 0
    return small_stack.create(aws, "daftari-dev", stub.url)
