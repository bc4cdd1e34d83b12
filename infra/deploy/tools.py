"""The programs that a deployment calls."""

import os
import pathlib
import shutil
import subprocess

from report import Failure

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAM = ROOT / ".tools/sam/bin/sam"
ADMIN_BUILD_SECONDS = 1_800
ADMIN_SECONDS = 60


def tool_path():
    """PATH, preceded by the tools of .tools/."""
    ours = [ROOT / ".tools" / folder / "bin" for folder in ("cargo-lambda", "zig")]
    return os.pathsep.join([*map(str, ours), os.environ.get("PATH", "")])


def check_tools(builds):
    """Stops with a list of all missing programs. `builds`: whether the functions are built here."""
    missing = []
    if not SAM.exists():
        missing.append("the SAM CLI (infra/dev/setup.sh sam)")
    if builds and not shutil.which("cargo", path=tool_path()):
        missing.append("cargo (install Rust as https://rustup.rs says)")
    if builds and not shutil.which("cargo-lambda", path=tool_path()):
        missing.append("cargo-lambda (infra/dev/setup.sh)")
    if missing:
        raise Failure("missing: " + "; ".join(missing))


def run(command, what, seconds, environment=None, cwd=ROOT):
    """Runs a program with its output on the terminal."""
    try:
        code = subprocess.run(command, cwd=cwd, env=environment, timeout=seconds).returncode
    except subprocess.TimeoutExpired:
        raise Failure(f"{what} took longer than {seconds // 60} minutes and was ended") from None
    except OSError as error:
        raise Failure(f"{what}: {command[0]}: {error.strerror}") from None
    if code != 0:
        raise Failure(f"{what} failed with code {code}; see above")


def find_admin():
    """The path of daftari-admin: DAFTARI_ADMIN names a built one; otherwise it is built here."""
    named = os.environ.get("DAFTARI_ADMIN")
    if named:
        if not os.access(named, os.X_OK):
            raise Failure(f"DAFTARI_ADMIN={named} is not an executable file")
        return named
    if not shutil.which("cargo"):
        raise Failure("missing: cargo, to build daftari-admin (install Rust as https://rustup.rs says)")
    print("building daftari-admin: minutes, the first time", flush=True)
    build = ["cargo", "build", "--locked", "--quiet", "--bin", "daftari-admin"]
    run(build, "building daftari-admin", ADMIN_BUILD_SECONDS)
    target = os.environ.get("CARGO_TARGET_DIR", "target")
    return str(ROOT / target / "debug/daftari-admin")


def admin(program, arguments, environment=None, stdin=None):
    """The output of daftari-admin. Secrets are passed on standard input, never as arguments."""
    try:
        done = subprocess.run(
            [program, *arguments], input=stdin, env=environment, capture_output=True, text=True, timeout=ADMIN_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise Failure(f"daftari-admin {' '.join(arguments[:2])} took longer than {ADMIN_SECONDS} seconds") from None
    if done.returncode != 0:
        said = done.stderr.strip().removeprefix("daftari-admin: ")
        raise Failure(f"daftari-admin {' '.join(arguments[:2])}: {said}")
    return done.stdout.strip()
