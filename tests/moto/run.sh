#!/usr/bin/env bash
# The black-box tests on a second engine, moto, with every function under exactly its policy of infra/template.yaml.
#
#   tests/moto/run.sh               everything: the tests of the check, the run, and a run that must fail
#   tests/moto/run.sh ARGUMENT...   only `cargo test --workspace ARGUMENT...`, such as `--test api users`; permissions
#                                   that such a run does not use are allowed
#
# Exit codes: 0 passed, 1 failed. Without a suitable Python, skips the tests with a loud message and exits with 0,
# or with 1 in CI.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Timeouts, in seconds. A run takes some minutes on two processors.
BUILD_SECONDS=3600
RUN_SECONDS=1800
START_SECONDS=60
STOP_SECONDS=20
# Number of engines that share the tests. Each uses one processor.
ENGINES=$(nproc 2>/dev/null || echo 2)

say() { printf 'moto: %s\n' "$*"; }
fail() {
    printf 'moto: %s\n' "$@" >&2
    exit 1
}

. infra/dev/or_skip.sh
or_skip "TESTS ON A SECOND ENGINE AND OF PERMISSIONS SKIPPED: no Python that moto runs on." infra/dev/setup.sh moto

python=.tools/moto/bin/python
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=infra/dev
folder=$(mktemp -d)
server=
trap 'stop_server; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

# start_server ARGUMENT...: starts it without recorded usage, and waits until it serves.
start_server() {
    rm -f "$folder"/*
    "$python" tests/moto/server.py --template infra/template.yaml --folder "$folder" --engines "$ENGINES" "$@" &
    server=$!
    local waited=0
    until [[ -f $folder/endpoints ]]; do
        kill -0 "$server" 2>/dev/null || fail "the server does not start"
        ((waited++ < START_SECONDS * 10)) || fail "the server does not serve within $START_SECONDS seconds"
        sleep 0.1
    done
}

# stop_server: stops it, upon which it writes the recorded usage.
stop_server() {
    [[ -n $server ]] || return 0
    local stopping=$server waited=0
    server=
    kill "$stopping" 2>/dev/null || true
    while kill -0 "$stopping" 2>/dev/null; do
        ((waited++ < STOP_SECONDS * 10)) || { kill -9 "$stopping"; break; }
        sleep 0.1
    done
    wait "$stopping" || true
}

# run_tests ARGUMENT...: the tests on the running server.
run_tests() {
    DAFTARI_TEST_DYNAMODB=$(paste -sd, "$folder/endpoints") DAFTARI_TEST_CREDENTIALS=$folder/credentials.json \
        DAFTARI_TEST_SKIPPED=$folder/skipped \
        timeout --foreground "$RUN_SECONDS" cargo test --locked --workspace --no-fail-fast "$@"
}

# compare ARGUMENT...: compares used with granted permissions.
compare() {
    [[ -f $folder/usage.json ]] || fail "the server died: it did not write the recorded usage"
    "$python" tests/moto/compare.py "$folder/usage.json" "$@"
}

# The test binaries of one package. With `-p daftari-tests`, dependencies would have other features than in a build of
# the workspace, and be built again.
black_box=()
for test in tests/tests/*.rs tests/tests/*/main.rs; do
    name=${test#tests/tests/}
    name=${name%/main.rs}
    black_box+=(--test "${name%.rs}")
done

say "building the tests"
timeout --foreground "$BUILD_SECONDS" cargo test --locked --workspace "${black_box[@]}" --no-run ||
    fail "the tests do not build"

if [[ $# == 0 ]]; then
    say "the check's own tests"
    timeout 300 "$python" -m pytest -q -p no:cacheprovider tests/moto
fi

tests=("$@")
partial=(--partial)
if [[ $# == 0 ]]; then
    tests=("${black_box[@]}")
    partial=()
fi
start_server
say "the tests on moto, each function under its own policy"
failed=()
if ! run_tests "${tests[@]}"; then
    failed+=("tests fail on moto; unused permissions are only known once they pass")
    partial=(--partial)
fi
stop_server
say "comparing used with granted permissions"
compare ${partial[@]+"${partial[@]}"} || failed+=("the permissions in infra/template.yaml differ from the needed ones")
if [[ -f $folder/skipped ]]; then
    sed 's/^/##### /' "$folder/skipped" >&2
fi
[[ ${#failed[@]} == 0 ]] || fail "${failed[@]}"

if [[ $# == 0 ]]; then
    say "the same with one permission too few and one too many: this must fail"
    start_server --removed users=dynamodb:BatchWriteItem --added users=dynamodb:Scan
    if run_tests --test api an_erased_user >"$folder/log" 2>&1; then
        cat "$folder/log" >&2
        fail "users may not delete batches, and the tests of erasure pass"
    fi
    grep -q "test users::an_erased_user_leaves_nothing_behind ... FAILED" "$folder/log" || {
        cat "$folder/log" >&2
        fail "users may not delete batches, and something else fails"
    }
    stop_server
    found=$(compare 2>&1 >/dev/null) && fail "a missing and a surplus permission are not noticed"
    # A used permission is not among them, so the check does not report everything.
    used="users may dynamodb:PutItem on table, keys *#PHONE#*,"
    ! grep -qF "$used" <<<"$found" || fail "reported as unused although it is used: ${used%,}"
    for fault in "MISSING: users needs dynamodb:BatchWriteItem on table" "UNUSED: users may dynamodb:Scan on table"; do
        grep -qF "$fault" <<<"$found" || fail "not noticed: $fault"
    done
fi

if [[ $# == 0 ]]; then
    say "passed: every function uses every permission it has, and needs no other"
else
    say "passed: these tests need no permission that a function does not have"
fi
