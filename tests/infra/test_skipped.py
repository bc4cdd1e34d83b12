"""Tests that are skipped for lack of a Python do not count as passed in CI."""

import os
import shutil
import subprocess

import pytest
from template import ROOT

# The commands that the scripts call before they look for a Python.
NEEDED = ("bash", "cat", "cksum", "dirname", "env", "mkdir", "rm", "sed", "timeout", "tr")


SCRIPTS = [
    *(f"tests/{name}/run.sh" for name in ("infra", "moto", "e2e", "console", "docs")),
    "infra/dev/docs/lint-openapi.sh",
]


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_run_without_a_python_fails_in_ci(tmp_path, script, ci, code):
    for name in NEEDED:
        (tmp_path / name).symlink_to(shutil.which(name))
    environment = {**os.environ, "PATH": str(tmp_path), "CI": ci}
    done = subprocess.run([str(ROOT / script)], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    assert "SKIPPED" in done.stderr
