#!/usr/bin/env bash
# Checks the pages of docs/: commands, links with their anchors, and the site of them.
#
#   tests/docs/run.sh          all checks
#   tests/docs/run.sh site     only builds the site
#   tests/docs/run.sh links    only checks the links to other sites, which needs the network
#
# Exit codes: 0 passed, 1 failed. Without a suitable Python, skips the checks with a loud message and exits with 0, or
# with 1 in CI.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1

. infra/dev/or_skip.sh
tools() { or_skip "CHECKS OF docs/ SKIPPED: no Python that their tools run on; see above." "$@"; }
failed() {
    printf '\ntest-docs: %s\n' "$1" >&2
    exit 1
}

tools infra/dev/setup.sh site
if [[ ${1-} == links ]]; then
    # Some sites refuse programs (403) or limit their requests (429), although the page exists.
    exec .tools/site/bin/lychee --no-progress --exclude-all-private --max-retries 3 --timeout 30 \
        --accept '200..=299,403,429' ./*.md 'docs/**/*.md'
fi
tools infra/dev/npm.sh infra/dev/docs
if [[ ${1-} == site ]]; then
    exec .tools/site/bin/python infra/dev/docs/build.py
fi

echo "== commands"
if grep -nE 'cargo (build|run|test|bench|install) ' ./*.md docs/*.md | grep -v -e '--locked'; then
    failed "a page has a cargo command without --locked"
fi
# With -p, cargo resolves other features than `make dev` does, and builds most dependencies again.
if grep -nE 'cargo (build|run) .*-p daftari-admin' ./*.md docs/*.md infra/dev/dev.py; then
    failed "the operator's tool is run with --bin daftari-admin, not with -p"
fi

links=(.tools/site/bin/lychee --offline --include-fragments --no-progress)
echo "== links of the pages"
"${links[@]}" ./*.md 'docs/**/*.md' || failed "a page has a dead link"

echo "== the site"
.tools/site/bin/python tests/docs/written.py || failed "a site without its pages passes"
.tools/site/bin/python infra/dev/docs/build.py || failed "the site cannot be built"
"${links[@]}" --root-dir "$PWD/.site/html" '.site/html/**/*.html' || failed "the site has a dead link"
[[ -s .site/html/search.json ]] || failed "the site has no index for its search"
