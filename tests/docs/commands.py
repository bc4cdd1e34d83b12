"""Runs the commands of README.md and docs/tutorial.md, those of a page in one shell, and compares the output with the
page. README shows the output of `make dev`, which is compared too.

    DAFTARI_URL=http://127.0.0.1:9000 python3 tests/docs/commands.py

Needs a service with fresh demo data: README sends a message, whose answer differs the second time. Exit codes: 0 the
pages are true, 1 they are not.
"""

import contextlib
import io
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ("README.md", "docs/tutorial.md")
ADDRESS = "http://127.0.0.1:9000"
SECONDS = 300
MARK = "===== end of box"
# Skipped: commands that start, test or install the project, and those with a placeholder.
PASSED_OVER = re.compile(r"^(git|cargo|make dev|make test)\b|=…", re.MULTILINE)
# Parts that may differ.
VARIES = [
    # Rises with the rules of the reader.
    (r'"reader": ?\d+', '"reader":…'),
    # The time of the request.
    (r'"created_before":"[^"]+"', '"created_before":…'),
    # A reason on most days, as README says.
    (r", 'LOAN_STACKING'", ""),
]


def boxes(page):
    return re.findall(r"^```(\w*)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def steps(page):
    """The commands of each `sh` box, and the output in the next box, if any."""
    found = boxes(page)
    for (language, text), (shown, output) in zip(found, [*found[1:], ("", "")]):
        if language == "sh":
            yield text, output if shown in ("json", "text") else None


def comparable(text):
    for pattern, placeholder in VARIES:
        text = re.sub(pattern, placeholder, text)
    return text.strip()


def run(name):
    page = (ROOT / name).read_text(encoding="utf-8")
    known = [step for step in steps(page) if not PASSED_OVER.search(step[0])]
    script = "set -euo pipefail\n" + "".join(f"{commands}\necho '{MARK}'\n" for commands, _ in known)
    script = script.replace(ADDRESS, os.environ["DAFTARI_URL"])
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=SECONDS)
    printed = done.stdout.split(f"{MARK}\n")
    compared = 0
    for number, ((commands, wanted), got) in enumerate(zip(known, printed), start=1):
        if wanted is None:
            continue
        compared += 1
        if comparable(got) != comparable(wanted):
            told = f"{name}: box {number} of those that are run prints\n{got}\nand the page shows\n{wanted}"
            sys.exit(f"{told}\nThe commands are\n{commands}")
    if done.returncode or len(printed) != len(known) + 1:
        failed = known[min(len(printed), len(known)) - 1][0]
        sys.exit(f"{name}: exit code {done.returncode}; box {len(printed)} did not end:\n{failed}{printed[-1]}")
    if not compared:
        sys.exit(f"{name}: no box was compared")
    print(f"{name}: {len(known)} boxes run, {compared} outputs compared")


def welcome():
    """README shows the beginning of the welcome text of `make dev`."""
    sys.path.insert(0, str(ROOT / "infra/dev"))
    import dev

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        dev.welcome(ADDRESS, (ROOT / dev.DATA_DIR).resolve())
    [shown] = [text for _, text in boxes((ROOT / "README.md").read_text(encoding="utf-8")) if text.startswith("ready ")]
    if not printed.getvalue().strip().startswith(shown.strip()):
        sys.exit(f"README.md: make dev prints\n{printed.getvalue()}\nand the page shows\n{shown}")


def main():
    welcome()
    for name in PAGES:
        run(name)


if __name__ == "__main__":
    main()
