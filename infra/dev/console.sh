#!/usr/bin/env bash
# Builds the console's web page into functions/console/web/dist/, from where the function embeds it. Does nothing if the
# page is built from these very sources.
#
#   infra/dev/console.sh            the page
#   infra/dev/console.sh modules    only the packages that build and test it
#
# Exit codes: 0 built, 1 failed, 3 no suitable Python on the PATH for Node's package.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf 'console: %s\n' "$*"; }
fail() {
    printf 'console: %s\n' "$@" >&2
    exit 1
}

web=functions/console/web
infra/dev/npm.sh $web || exit $?
[[ ${1-} != modules ]] || exit 0

export PATH="$PWD/.tools/node/bin:$PATH"
node=$(node --version)
log=$PWD/.tools/console.log
. infra/dev/one_at_a_time.sh
one_at_a_time console
# Made by `npm run schema`.
schema=$web/src/api/schema.d.ts
operations=$web/src/api/operations.ts
# Without mapfile, which macOS's bash 3.2 does not have.
sources=()
while IFS= read -r source; do
    sources+=("$source")
done < <(find $web/src $web/index.html $web/package.json $web/package-lock.json $web/tsconfig.json $web/*.ts \
    docs/openapi.json shared/domain/data/institutions.csv \
    -type f ! -path $schema ! -path $operations | LC_ALL=C sort)
built=$web/dist/.built
wanted="$node $(cksum "${sources[@]}" | cksum)"
# The sources of the built page, then its sizes.
known=()
if [[ -f $built ]]; then
    while IFS= read -r line; do known+=("$line"); done <"$built"
fi
if [[ -f $schema && -f $operations && ${known[0]-} == "$wanted" ]]; then
    say "$web/dist is complete"
    printf '%s\n' "${known[@]:1}"
    exit 0
fi
say "building $web/dist"
(cd $web && npm run --silent schema && npm run --silent check && npm run --silent build) >"$log" 2>&1 \
    || fail "$(tail -n 30 "$log")" "The console's page could not be built. The full log is $log."
sizes=$(grep '^console: ' "$log")
printf '%s\n' "$sizes"
printf '%s\n' "$wanted" "$sizes" >"$built"
