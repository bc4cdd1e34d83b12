#!/usr/bin/env bash
# Installs the tools this project uses into .tools/, nothing anywhere else, and nothing twice.
#
#   infra/dev/setup.sh            cargo-lambda, which builds, runs and deploys the functions
#   infra/dev/setup.sh fuzz       schemathesis, which calls the service with what its OpenAPI document allows and forbids
#   infra/dev/setup.sh zig        zig, the linker for other processors and older systems than this one
#   infra/dev/setup.sh client     the official Python client of the public API, for the end-to-end tests
#   infra/dev/setup.sh sam        the SAM CLI, cfn-lint and boto3, which check, build and deploy
#   infra/dev/setup.sh moto       moto, a local server that behaves like AWS, for the tests of the template
#   infra/dev/setup.sh workflows  check-jsonschema and zizmor, which check the workflows of GitHub
#
# Exit codes: 0 installed, 1 failed, 3 there is no Python on the PATH that it runs on.
set -euo pipefail
cd "$(dirname "$0")/../.."

CARGO_LAMBDA_VERSION=1.9.2
ZIG_VERSION=0.16.0
SCHEMATHESIS_VERSION=4.32.5
# pydantic 1, which the client needs, knows Python up to 3.11.
CLIENT_PACKAGES=(pngme-api==0.14.0 "pytest>=8,<9")
SAM_PACKAGES=(aws-sam-cli==1.170.0 aws-sam-translator==1.115.0 cfn-lint==1.58.0 boto3==1.43.108)
MOTO_PACKAGES=("moto[server]==5.2.5" aws-sam-translator==1.115.0 boto3==1.44.8 pytest==9.2.0
    "tomli==2.2.1; python_version<'3.11'")
WORKFLOW_PACKAGES=(check-jsonschema==0.39.0 zizmor==1.32.0)

say() { printf 'setup: %s\n' "$*"; }
fail() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

check_rust() {
    command -v cargo >/dev/null || fail "Rust is missing: there is no 'cargo' on the PATH." \
        "Install it as https://rustup.rs says, open a new shell, and try again."
}

# make_venv FOLDER PYTHON PIP-ARGUMENT...: a virtual environment that is complete, or is made anew.
make_venv() {
    local folder=$1 python=$2 wanted log
    shift 2
    wanted="$("$python" -c 'import sys; print(sys.version)' | tr '\n' ' ') $*"
    if [[ -f $folder/complete && $(<"$folder/complete") == "$wanted" ]]; then
        say "$folder is complete"
        return
    fi
    rm -rf "$folder"
    mkdir -p .tools
    log=.tools/setup.log
    say "making $folder with $("$python" --version): $*"
    "$python" -m venv "$folder" >"$log" 2>&1 || fail \
        "'$python -m venv' does not work here: $(tail -n 1 "$log")" \
        "On Debian and Ubuntu it comes with the package python3-venv."
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@" >"$log" 2>&1 || fail \
        "pip could not install $*: $(tail -n 1 "$log")" "The whole story is in $log."
    printf '%s' "$wanted" >"$folder/complete"
}

# python_between LEAST MOST WHAT: the first Python from 3.LEAST to 3.MOST, which WHAT runs on.
python_between() {
    local python
    for python in python3 python3.{14..9}; do
        if "$python" -c "import sys; sys.exit(not (3, $1) <= sys.version_info[:2] <= (3, $2))" 2>/dev/null; then
            printf '%s' "$python"
            return
        fi
    done
    printf 'setup: %s needs Python 3.%s to 3.%s, and there is none on the PATH\n' "$3" "$1" "$2" >&2
    exit 3
}

case ${1-tools} in
tools)
    check_rust
    command -v python3 >/dev/null || fail "Python is missing: there is no 'python3' on the PATH."
    # Without its dependency ziglang, which only builds for another processor need (make package installs it).
    make_venv .tools/cargo-lambda python3 --no-deps "cargo-lambda==$CARGO_LAMBDA_VERSION"
    ;;
zig)
    make_venv .tools/zig python3 "ziglang==$ZIG_VERSION"
    # Under the name by which cargo-lambda looks for it; by `python3 -m ziglang` it finds it only if that Python is first.
    zig=$(.tools/zig/bin/python -c 'import os, ziglang; print(os.path.dirname(ziglang.__file__))')/zig
    ln -sf "$zig" .tools/zig/bin/zig
    ;;
client)
    python=$(python_between 9 11 "the official client")
    make_venv .tools/client "$python" "${CLIENT_PACKAGES[@]}"
    ;;
fuzz)
    make_venv .tools/fuzz python3 "schemathesis==$SCHEMATHESIS_VERSION"
    ;;
sam)
    python=$(python_between 10 14 "the SAM CLI")
    make_venv .tools/sam "$python" "${SAM_PACKAGES[@]}"
    ;;
moto)
    python=$(python_between 10 14 moto)
    make_venv .tools/moto "$python" "${MOTO_PACKAGES[@]}"
    ;;
workflows)
    python=$(python_between 10 14 check-jsonschema)
    make_venv .tools/workflows "$python" "${WORKFLOW_PACKAGES[@]}"
    ;;
*)
    fail "unknown: $1" "usage: infra/dev/setup.sh [tools|zig|client|fuzz|sam|moto|workflows]"
    ;;
esac
