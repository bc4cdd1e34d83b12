#!/usr/bin/env bash
# The end-to-end tests: the official Python client against `make dev` on free ports with separate data.
#
# Exit codes: 0 passed, 1 failed. Without a suitable Python, skips the tests with a loud message and exits with 0,
# or with 1 in CI.
set -euo pipefail
cd "$(dirname "$0")/../.."

. infra/dev/or_skip.sh
or_skip "END-TO-END TESTS SKIPPED: no Python 3.9 to 3.11 here, which pngme-api 0.14.0 needs." infra/dev/setup.sh client
infra/dev/setup.sh client-0.0.6
infra/dev/setup.sh client-0.10.0

PYTHONDONTWRITEBYTECODE=1 exec tests/e2e/with_server.sh \
    timeout 300 .tools/client/bin/python -m pytest -q -p no:cacheprovider tests/e2e "$@"
