#!/usr/bin/env bash
# The examples of docs/, the tutorial, and generated clients, against `make dev` on free ports with separate data.
#
# Exit codes: 0 passed, 1 failed. Without a suitable Python, skips the tests with a loud message and exits with 0, or
# with 1 in CI. Without Java, skips the example in Kotlin with a loud message, or fails in CI.
set -euo pipefail
cd "$(dirname "$0")/../.."

. infra/dev/or_skip.sh
tools() { or_skip "TESTS OF CLIENTS SKIPPED: no Python that their tools run on; see above." "$@"; }
tools infra/dev/setup.sh tools
tools infra/dev/setup.sh generated
tools infra/dev/npm.sh tests/clients/typescript
! command -v java >/dev/null || tools infra/dev/setup.sh kotlin

exec tests/e2e/with_server.sh timeout 1200 tests/clients/all.sh
