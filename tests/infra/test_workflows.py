"""The workflows that deploy to production, and the checks that a change must pass."""

import os
import re
import shutil
import subprocess

import pytest
import template
import yaml


@pytest.fixture(scope="module")
def jobs():
    return yaml.safe_load((template.ROOT / ".github/workflows/deploy.yml").read_text())["jobs"]


def runs(condition, emergency, **results):
    """Whether a job runs, given the results of the jobs that it needs. Omitted names count as true."""
    text = condition.strip().removeprefix("${{").removesuffix("}}")
    text = re.sub(r"needs\.(\w+)\.result", lambda found: repr(results[found[1]]), text)
    for old, new in (
        ("inputs.emergency", str(emergency)), ("cancelled()", "False"), ("vars.DEPLOY", "'true'"),
        ("&&", " and "), ("||", " or "),
    ):  # fmt: skip
        text = text.replace(old, new)
    text = re.sub(r"!(?!=)", " not ", text)
    return eval(" ".join(text.split()), {"__builtins__": {}})  # noqa: S307, the workflow's own expression


def test_an_emergency_goes_to_production_past_tests_and_staging_but_not_past_approval_and_attestation(jobs):
    assert not runs(jobs["ci"]["if"], True)
    assert runs(jobs["package"]["if"], True, ci="skipped")
    assert not runs(jobs["staging"]["if"], True, package="success", attest="success")
    production = jobs["production"]
    assert runs(production["if"], True, package="success", attest="success", staging="skipped")
    for results in ({"attest": "failure"}, {"package": "failure"}):
        good = {"package": "success", "attest": "success", "staging": "skipped"}
        assert not runs(production["if"], True, **{**good, **results})
    assert production["environment"] == "production"
    deploy = production["steps"][-1]
    assert deploy["env"]["EMERGENCY"] == "${{ inputs.emergency && '1' || '0' }}"
    assert deploy["env"]["DIGEST"] == "${{ needs.package.outputs.digest }}"


def test_without_an_emergency_production_waits_for_tests_and_staging(jobs):
    assert runs(jobs["ci"]["if"], False)
    for result in ("failure", "skipped", "cancelled"):
        assert not runs(jobs["package"]["if"], False, ci=result)
        assert not runs(jobs["production"]["if"], False, package="success", attest="success", staging=result)
    assert runs(jobs["package"]["if"], False, ci="success")
    assert runs(jobs["staging"]["if"], False, package="success", attest="skipped")
    assert runs(jobs["production"]["if"], False, package="success", attest="skipped", staging="success")


@pytest.mark.parametrize(("code", "limit", "warns"), [(0, "1800", False), (0, "-1", True), (1, "1800", False)])
def test_the_run_of_a_submission_tells_its_total_and_fails_for_no_time(tmp_path, code, limit, warns):
    (tmp_path / ".ci").mkdir()
    shutil.copy(template.ROOT / ".ci/run", tmp_path / ".ci/run")
    make = tmp_path / "make"
    make.write_text(f"#!/bin/sh\necho \"made $*\"\n[ \"$1\" != test ] || exit {code}\n")
    make.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "WARN_SECONDS": limit}
    done = subprocess.run([tmp_path / ".ci/run"], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    assert re.search(r"^===== total: \d+ s$", done.stdout, re.MULTILINE)
    assert ("TOOK LONGER" in done.stderr) is warns
