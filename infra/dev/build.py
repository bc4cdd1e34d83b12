"""Builds the binaries in advance for `cargo lambda watch`, which runs `cargo run --bin` for each function.

build.py BINARY...

RELEASE=1 builds with the release profile. Prints the folder of the binaries. Exit codes: 0 built, 1 failed.
"""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Without link-time optimization. The engine of the local table is also a cdylib. With link-time optimization, cargo
# compiles the engine's dependencies to objects and bitcode, but those of a function alone to bitcode only: functions
# would be built again when they start. Linking would also take a minute. Deployed binaries do have link-time
# optimization.
PROFILE = {"CARGO_PROFILE_RELEASE_LTO": "off"}


class BuildFailed(Exception):
    """Cargo has printed the reason."""


def environment():
    """The environment of every cargo, ours and cargo-lambda's. Another environment would cause another build."""
    return {**os.environ, **PROFILE}


def metadata():
    """The workspace, from `cargo metadata`."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--no-deps"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def is_release():
    return os.environ.get("RELEASE") == "1"


def profile_options():
    """The options of every cargo, ours and cargo-lambda's, that choose the profile."""
    return ["--release"] if is_release() else []


def build_command(binaries):
    command = ["cargo", "build", "--locked"]
    for binary in binaries:
        command += ["--bin", binary]
    return [*command, *profile_options()]


def build(binaries, env):
    """Builds the binaries. Returns their folder."""
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
