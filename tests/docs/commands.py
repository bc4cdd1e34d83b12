"""Runs the commands of docs/tutorial.md, one after another in one shell, and compares what they print with the page.

    DAFTARI_URL=http://127.0.0.1:9000 python3 tests/docs/tutorial.py

Exit codes: 0 the page is true, 1 it is not.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 300
MARK = "===== end of box"


def steps(page):
    """The commands of each `sh` box, and the output that the box behind it shows, if any."""
    boxes = re.findall(r"^```(\w*)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    for (language, text), (shown, output) in zip(boxes, [*boxes[1:], ("", "")]):
        if language == "sh":
            yield text, output if shown in ("json", "text") else None


def comparable(text):
    """Without what may differ: the version of the reader rises with its rules."""
    return re.sub(r'"reader": \d+', '"reader": …', text.strip())


def main():
    page = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
    known = list(steps(page))
    script = "set -euo pipefail\n" + "".join(f"{commands}\necho '{MARK}'\n" for commands, _ in known)
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=SECONDS)
    printed = done.stdout.split(f"{MARK}\n")
    compared = 0
    for number, ((commands, wanted), got) in enumerate(zip(known, printed), start=1):
        if wanted is None:
            continue
        compared += 1
        if comparable(got) != comparable(wanted):
            told = f"tutorial: box {number} prints\n{got}\nand the page shows\n{wanted}"
            sys.exit(f"{told}\nThe commands are\n{commands}")
    if done.returncode or len(printed) != len(known) + 1:
        failed = known[len(printed) - 1][0]
        sys.exit(f"tutorial: exit code {done.returncode}; box {len(printed)} did not end:\n{failed}{printed[-1]}")
    print(f"tutorial: {len(known)} boxes run, {compared} outputs compared")


if __name__ == "__main__":
    main()
