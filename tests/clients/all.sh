#!/usr/bin/env bash
# All parts of tests/clients/run.sh against the service at DAFTARI_URL. The tools are installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/.tools/node/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

step() {
    printf '== %s\n' "$*"
    "$@" || {
        printf '\ntest-clients: %s failed\n' "$*" >&2
        exit 1
    }
}

step python3 tests/clients/offline.py
step python3 tests/docs/commands.py
step python3 tests/clients/operations.py
step python3 tests/docs/labels.py
step python3 tests/clients/examples.py "$work"
step tests/clients/typescript/run.sh
step tests/clients/python/run.sh "$work"
