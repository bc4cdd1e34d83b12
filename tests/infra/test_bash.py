"""The developers' scripts work with bash 3.2, the version of macOS."""

import re

import pytest

from build import ROOT

DEV = ROOT / "infra/dev"
SCRIPTS = sorted([*DEV.glob("*.sh"), *DEV.glob("docs/*.sh")])
# Features of bash 4 and later, by their first words.
LATER = re.compile(
    r"\b(?:mapfile|readarray|coproc)\b"
    r"|\b(?:declare|local|typeset) -[a-zA-Z]*[An]"
    r"|\bwait -n\b"
    r"|&>>|\|&"
    r"|\$\{\w+(?:\[[^]]*\])?(?:\^|,|@[A-Za-z]\})"
    r"|\$\{?EPOCH(?:SECONDS|REALTIME)\b"
    r"|\[\[ -v "
    r"|\bglobstar\b"
)


def later(text):
    """The lines of a script that need a later bash, without comments."""
    lines = text.splitlines()
    return [line for line in lines if not line.lstrip().startswith("#") and LATER.search(line)]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_of_infra_dev_needs_no_later_bash(script):
    assert not later(script.read_text(encoding="utf-8"))


NEW = ["mapfile -t a <b", "declare -A a", "local -n a", "${a^^}", "${a,,}", "a &>>b", "a |& b", "wait -n", "[[ -v a ]]"]
OLD = ["# mapfile", "declare -a a", "echo ${a[@]}", "a && b", "wait $b", "a || b", "echo ${@:2}"]


@pytest.mark.parametrize("line", NEW)
def test_later_words_are_noticed(line):
    assert later(line) == [line]


@pytest.mark.parametrize("line", OLD)
def test_words_of_old_are_not(line):
    assert not later(line)
