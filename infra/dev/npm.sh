#!/usr/bin/env bash
# Installs the packages that a folder's package-lock.json pins, into its node_modules/. Packages run no scripts of their
# own. Does nothing if they are installed already.
#
#   infra/dev/npm.sh FOLDER
#
# Exit codes: 0 installed, 1 failed, 3 no suitable Python on the PATH for Node's package.
set -euo pipefail
cd "$(dirname "$0")/../.."

infra/dev/setup.sh node || exit $?
export PATH="$PWD/.tools/node/bin:$PATH" npm_config_update_notifier=false
folder=$1
name=npm-${folder//\//-}
log=$PWD/.tools/$name.log
. infra/dev/one_at_a_time.sh
one_at_a_time "$name"
installed=$folder/node_modules/.installed
wanted="$(node --version) $(cksum "$folder/package.json" "$folder/package-lock.json" | cksum)"
[[ ! -f $installed || $(<"$installed") != "$wanted" ]] || exit 0
printf 'npm: installing the packages of %s/package-lock.json\n' "$folder"
(cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >"$log" 2>&1 || {
    printf 'npm: npm ci failed: %s\nnpm: the full log is %s\n' "$(tail -n 1 "$log")" "$log" >&2
    exit 1
}
printf '%s' "$wanted" >"$installed"
