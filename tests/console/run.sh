#!/usr/bin/env bash
# Tests the console: its pure parts, and every screen in Chromium against `make dev` on free ports with separate data.
#
#   tests/console/run.sh                       everything
#   tests/console/run.sh --test-name-pattern=ledger     some of the browser's tests
#
# `CHROMIUM` names the browser; without it, the one on the PATH, or the one that an npm package carries.
# Exit codes: 0 passed, 1 failed. Without a browser, skips its tests with a loud message and exits with 0, or with 1 in
# CI.
set -euo pipefail
cd "$(dirname "$0")/../.."

. infra/dev/or_skip.sh
or_skip "TESTS OF THE CONSOLE SKIPPED: no Python that Node's package runs on; see above." infra/dev/console.sh
export PATH="$PWD/.tools/node/bin:$PATH"
# Prints the sizes even if nothing is rebuilt.
infra/dev/console.sh | grep -q ' gzip before the first person shows ' || {
    printf '%s\n' "infra/dev/console.sh prints no sizes of a page that is built" >&2
    exit 1
}
web=functions/console/web
(cd $web && npm run --silent check && npm run --silent test)

if ! node $web/tests/browser/browser.ts; then
    printf '\n%s\n' "##### TESTS OF THE CONSOLE IN A BROWSER SKIPPED: no Chromium starts here; see above. #####" >&2
    printf '%s\n' "      On Debian: apt-get install chromium." \
        "      Or name one: CHROMIUM=/path/to/chrome make test-console" >&2
    [[ -z ${CI-} ]] || exit 1
    exit 0
fi
exec tests/e2e/with_server.sh tests/console/browser.sh "$@"
