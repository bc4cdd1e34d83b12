"""Files, commands and settings that the pages for operators and contributors name exist."""

import re
import subprocess

import pytest

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
