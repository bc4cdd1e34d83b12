#!/usr/bin/env bash
# The examples of docs/, the tutorial, and generated clients, against `make dev` on free ports with separate data.
#
# Exit codes: 0 passed, 1 failed. Without a suitable Python, skips the tests with a loud message and exits with 0, or
# with 1 in CI. Without Java, skips the example in Kotlin with a loud message.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools() {
    local setup=0
    "$@" || setup=$?
    if [[ $setup == 3 ]]; then
        printf '\n%s\n' "##### TESTS OF CLIENTS SKIPPED: no Python that their tools run on; see above. #####" >&2
        [[ -z ${CI-} ]] || exit 1 # In CI, a skipped test is a failed one.
        exit 0
    fi
    [[ $setup == 0 ]] || exit 1
}
tools infra/dev/setup.sh tools
tools infra/dev/setup.sh generated
tools infra/dev/npm.sh tests/clients/typescript
! command -v java >/dev/null || tools infra/dev/setup.sh kotlin

exec tests/e2e/with_server.sh timeout 1200 tests/clients/all.sh
