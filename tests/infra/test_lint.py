"""cfn-lint accepts the translated template.

run.sh lints the template itself; this lints the input of CloudFormation. cfn-lint tries both values of each condition,
and the translations of the stacks differ only in how traffic moves.
"""

import json
import subprocess
import sys
from pathlib import Path

import template
from cases import EVERYTHING, NOTHING


def test_every_translated_stack_is_clean(source, tmp_path):
    files = []
    for number, parameters in enumerate((EVERYTHING, NOTHING)):
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(template.translate(source, parameters)))
        files.append(str(file))
    command = [
        str(Path(sys.executable).parent / "cfn-lint"),
        "--format",
        "parseable",
        "--regions",
        "eu-west-1",
        "--template",
        *files,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
