#!/usr/bin/env bash
# Builds the console's web page into functions/console/web/dist/, from where the function embeds it. Does nothing if the
# page is built from these very sources.
#
#   infra/dev/console.sh            the page
#   infra/dev/console.sh modules    only what it is built and tested with
#
# Exit codes: 0 built, 1 failed, 3 no suitable Python on the PATH for Node's package.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf 'console: %s\n' "$*"; }
fail() {
    printf 'console: %s\n' "$@" >&2
    exit 1
}

infra/dev/setup.sh node || exit $?
export PATH="$PWD/.tools/node/bin:$PATH" npm_config_update_notifier=false
node=$(node --version)
web=functions/console/web
log=$PWD/.tools/console.log

# sum FILE...: one checksum of the files' names and contents.
sum() { cksum "$@" | cksum; }

# Packages run no scripts of their own. The lock file has a hash for each.
installed=$web/node_modules/.installed
wanted="$node $(sum $web/package.json $web/package-lock.json)"
if [[ ! -f $installed || $(<"$installed") != "$wanted" ]]; then
    say "installing the packages of $web/package-lock.json"
    (cd $web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >"$log" 2>&1 \
        || fail "npm ci failed: $(tail -n 1 "$log")" "The full log is $log."
    printf '%s' "$wanted" >"$installed"
fi
[[ ${1-} != modules ]] || exit 0

mapfile -t sources < <(find $web/src $web/index.html $web/package-lock.json $web/tsconfig.json $web/vite.config.ts \
    docs/openapi.json -type f ! -name schema.d.ts | LC_ALL=C sort)
built=$web/dist/.built
wanted="$node $(sum "${sources[@]}")"
if [[ -f $web/src/api/schema.d.ts && -f $built && $(<"$built") == "$wanted" ]]; then
    say "$web/dist is complete"
    exit 0
fi
say "building $web/dist"
(cd $web && npm run --silent schema && npm run --silent check && npm run --silent build) >"$log" 2>&1 \
    || fail "$(tail -n 30 "$log")" "The console's page could not be built. The full log is $log."
grep '^console: ' "$log"
printf '%s' "$wanted" >"$built"
