"""Builds binaries such that `cargo lambda watch`, which runs `cargo run --bin` for each function, finds them built.

build.py BINARY...

RELEASE=1 builds with the release profile. Prints the folder of the binaries. Exit codes: 0 built, 1 failed.
"""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The engine of the local table is a cdylib as well, whose dependencies cargo compiles to objects and bitcode when there
# is link-time optimization, and to bitcode only for a function by itself. So with it, functions would be built a second
# time when they start. Without it, both are the same, and nothing is linked for a minute. What is deployed has it.
PROFILE = {"CARGO_PROFILE_RELEASE_LTO": "off"}


class BuildFailed(Exception):
    """Cargo says why."""


def environment():
    """For every cargo, ours and those of cargo-lambda: with another environment they would build something else."""
    return {**os.environ, **PROFILE}


def metadata():
    """The workspace, as cargo tells it."""
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def is_release():
    return os.environ.get("RELEASE") == "1"


def build_command(binaries):
    command = ["cargo", "build"]
    for binary in binaries:
        command += ["--bin", binary]
    return [*command, "--release"] if is_release() else command


def build(binaries, env):
    """The folder with the binaries, built."""
    if subprocess.run(build_command(binaries), cwd=ROOT, env=env).returncode != 0:
        raise BuildFailed
    return pathlib.Path(metadata()["target_directory"]) / ("release" if is_release() else "debug")


def main():
    try:
        print(build(sys.argv[1:], environment()))
    except (BuildFailed, subprocess.CalledProcessError):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
