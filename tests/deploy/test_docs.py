"""Files, commands and settings that the pages for operators and contributors name exist."""

import re
import subprocess
import textwrap

import botocore.session
import pytest
from botocore import xform_name

from conftest import ROOT

PAGES = (
    "docs/OPERATIONS.md",
    "docs/GAME-DAY.md",
    "docs/tutorial.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    "README.md",
)


@pytest.fixture(params=PAGES)
def page(request):
    return ROOT / request.param


def anchors(path):
    """Anchors of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if target.startswith("http"):
            continue
        file, _, anchor = target.partition("#")
        found = (page.parent / file).resolve() if file else page
        assert found.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(found), f"{page.name}: {target}"


def test_commands_of_make_exist(page):
    known = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = page.read_text()
    named = re.findall(r"(?:^|[` ])make ([a-z-]+)(?=[ `\n])", "\n".join(code_of(text)), re.MULTILINE)
    assert named or page.name == "SECURITY.md"
    assert set(named) <= known, set(named) - known


def code_of(text):
    """Code blocks and inline code."""
    boxes = re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return boxes + [f"`{each}`" for each in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))]


def test_boxes_are_valid_shell(page):
    for box in re.findall(r"^ *```sh\n(.*?)^ *```", page.read_text(), re.MULTILINE | re.DOTALL):
        done = subprocess.run(["bash", "-n"], input=box, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, f"{done.stderr}\n{box}"


# Options of every command, and commands of the AWS CLI that are not calls of an API.
FOR_ALL = {"output", "profile", "query", "region"}
OF_THE_CLI = {("cloudformation", "deploy"), ("configure", "export-credentials"), ("sso", "login")}


def aws_commands(text):
    """Service, operation and names of options of each command of the AWS CLI."""
    for box in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        line = re.sub(r"\\\n", " ", re.sub(r"(?m)\s#.*$", "", box))
        for service, operation, rest in re.findall(r"\baws ([a-z0-9-]+) ([a-z0-9-]+)((?:(?!\baws )[^\n])*)", line):
            yield service, operation, re.findall(r"(?<=\s)--([a-z][a-z0-9-]+)", rest)


def test_commands_of_aws_and_their_options_exist():
    session = botocore.session.get_session()
    seen = set()
    for page in ("docs/OPERATIONS.md", "docs/GAME-DAY.md"):
        for service, operation, options in aws_commands((ROOT / page).read_text()):
            if (service, operation) in OF_THE_CLI or operation == "wait":
                continue
            model = session.get_service_model({"s3api": "s3"}.get(service, service))
            operations = {xform_name(name, "-"): name for name in model.operation_names}
            assert operation in operations, f"aws {service} {operation}"
            members = model.operation_model(operations[operation]).input_shape.members
            names = {xform_name(member, "-") for member in members}
            unknown = {each for each in options if each.removeprefix("no-") not in names} - FOR_ALL
            assert unknown == set(), f"aws {service} {operation}"
            seen.add(operation)
    # For a table from another account, and for the keys.
    assert {"start-copy-job", "start-restore-job", "replicate-secret-to-regions", "stop-replication-to-replica"} <= seen


def test_limits_named_are_constants_of_the_code():
    source = "\n".join(path.read_text() for path in ROOT.glob("shared/*/src/**/*.rs"))
    for name in re.findall(r"`(MAX_[A-Z_]+)`", (ROOT / "docs/OPERATIONS.md").read_text()):
        assert re.search(rf"const {name}\b", source), name


def test_every_alarm_has_a_line_among_the_incidents():
    alarms = re.findall(r"AlarmName: !Sub \$\{AWS::StackName\}-([a-z-]+)", (ROOT / "infra/template.yaml").read_text())
    told = set(re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs/OPERATIONS.md").read_text(), re.MULTILINE))
    # Alarms of one kind, whose names differ by function, have one line.
    kinds = re.findall(r"^\| `([a-z-]+)…` \|", (ROOT / "docs/OPERATIONS.md").read_text(), re.MULTILINE)
    assert {each for each in alarms if not each.startswith(tuple(kinds))} <= told
    assert all(any(each.startswith(kind) for each in alarms) for kind in kinds)


# Answers of `aws dynamodb describe-table`, a line for each call. After the last one, the call fails.
AWS = """#!/usr/bin/env bash
echo "$*" >>"$CALLS"
[[ $* == *describe-table* ]] || exit 0
status=$(head -n 1 "$ANSWERS")
sed -i.old 1d "$ANSWERS"
[[ $status ]] && echo "$status" || { echo 'ExpiredTokenException' >&2; exit 254; }
"""


def restores():
    """The boxes that restore a table of the same account."""
    text = (ROOT / "docs/OPERATIONS.md").read_text()
    boxes = re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(box) for box in boxes if "restore-table-to-point-in-time" in box]


@pytest.fixture
def paste(tmp_path):
    """Runs a box, one command after the other like a shell that it is pasted into. Returns the calls of the AWS CLI
    after the last look at the table."""
    for name, text in (("aws", AWS), ("sleep", "#!/bin/sh\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)

    def paste(box, answers):
        calls, given = tmp_path / "calls", tmp_path / "answers"
        given.write_text("".join(f"{each}\n" for each in answers))
        settings = {"PATH": f"{tmp_path}:/usr/bin:/bin", "CALLS": str(calls), "ANSWERS": str(given), "TABLE": "t"}
        subprocess.run(["bash"], input=box, env=settings, text=True, capture_output=True, timeout=20, check=False)
        asked = calls.read_text().splitlines()
        looks = [index for index, call in enumerate(asked) if "describe-table" in call]
        assert len(looks) == len(answers) + (answers[-1] == "CREATING")
        return asked[looks[-1] + 1 :]

    return paste


def test_tables_are_restored_in_three_places():
    assert len(restores()) == 3


@pytest.mark.parametrize("number", range(3))
def test_a_restore_is_waited_for_however_long_it_takes(paste, number):
    box = restores()[number]
    settings = paste(box, ["CREATING"] * 60 + ["ACTIVE"])
    wanted = re.findall(r"aws dynamodb (update-\S+)", box)
    assert [call.split()[1] for call in settings] == wanted


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("answers", [["CREATING", "CREATING"], ["CREATING", "DELETING"]])
def test_waiting_for_a_restore_ends_with_an_error_and_nothing_follows(paste, number, answers):
    assert paste(restores()[number], answers) == []
