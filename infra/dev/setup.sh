#!/usr/bin/env bash
# Installs the tools this project uses into .tools/, nothing anywhere else, and nothing twice.
#
#   infra/dev/setup.sh            cargo-lambda, which builds, runs and deploys the functions
#   infra/dev/setup.sh fuzz       schemathesis, which calls the service with what its OpenAPI document allows and forbids
#   infra/dev/setup.sh client     the official Python client of the public API, for the end-to-end tests
#   infra/dev/setup.sh sam        the SAM CLI, cfn-lint and boto3, which check, build and deploy
#   infra/dev/setup.sh moto       moto, a local server that behaves like AWS, for the tests of the template
#
# Exit codes: 0 installed, 1 failed, 3 there is no Python that the client runs on.
set -euo pipefail
cd "$(dirname "$0")/../.."

CARGO_LAMBDA_VERSION=1.9.2
SCHEMATHESIS_VERSION=4.32.5
# pydantic 1, which the client needs, knows Python up to 3.11.
CLIENT_PACKAGES=(pngme-api==0.14.0 "pytest>=8,<9")
SAM_PACKAGES=(aws-sam-cli==1.170.0 aws-sam-translator==1.115.0 cfn-lint==1.58.0 boto3==1.43.108)
MOTO_PACKAGES=("moto[server]==5.2.5" boto3==1.44.8 pytest==9.2.0)

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

# The first Python that the client runs on.
client_python() {
    local python
    for python in python3 python3.11 python3.10 python3.9; do
        if "$python" -c 'import sys; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 11))' 2>/dev/null; then
            printf '%s' "$python"
            return
        fi
    done
    return 1
}

case ${1-tools} in
tools)
    check_rust
    command -v python3 >/dev/null || fail "Python is missing: there is no 'python3' on the PATH."
    # Without its dependency ziglang, which only builds for another processor need (make build installs it).
    make_venv .tools/cargo-lambda python3 --no-deps "cargo-lambda==$CARGO_LAMBDA_VERSION"
    ;;
zig)
    make_venv .tools/zig python3 ziglang
    ;;
client)
    if ! python=$(client_python); then
        printf 'setup: the official client needs Python 3.9 to 3.11, and there is none on the PATH\n' >&2
        exit 3
    fi
    make_venv .tools/client "$python" "${CLIENT_PACKAGES[@]}"
    ;;
fuzz)
    make_venv .tools/fuzz python3 "schemathesis==$SCHEMATHESIS_VERSION"
    ;;
sam)
    make_venv .tools/sam python3 "${SAM_PACKAGES[@]}"
    ;;
moto)
    make_venv .tools/moto python3 "${MOTO_PACKAGES[@]}"
    ;;
*)
    fail "unknown: $1" "usage: infra/dev/setup.sh [tools|zig|client|fuzz|sam|moto]"
    ;;
esac
