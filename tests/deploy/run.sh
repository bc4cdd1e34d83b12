#!/usr/bin/env bash
# The tests of infra/deploy, against a local server that behaves like AWS (moto), and of the smoke test, against servers
# with faults. Builds daftari-admin. Needs and touches no AWS account.
#
#   tests/deploy/run.sh [PYTEST-ARGUMENT...]
#
# Exit codes: 0 passed, 1 failed.
set -euo pipefail
cd "$(dirname "$0")/../.."

infra/dev/setup.sh tools
infra/dev/setup.sh sam
infra/dev/setup.sh moto
infra/dev/setup.sh load
if [[ -z ${DAFTARI_ADMIN-} ]]; then
    cargo build --locked --quiet --bin daftari-admin
    DAFTARI_ADMIN=$(cargo metadata --locked --format-version 1 --no-deps |
        python3 -c 'import json,sys; print(json.load(sys.stdin)["target_directory"])')/debug/daftari-admin
fi
export DAFTARI_ADMIN
PYTHONDONTWRITEBYTECODE=1 exec timeout 1800 \
    .tools/moto/bin/python -m pytest -q -p no:cacheprovider -n auto tests/deploy "$@"
