#!/usr/bin/env bash
# Sends load to a running service and reports requests, failures, p50 and p99 by route; with ENV, a stage, also the
# units of its table. Never against production with real users on it: the load shares its limits.
#
#   LOGIN=email:password make load URL=https://… [USERS=50] [DURATION=2m] [ENV=staging]
#
#   USERS=50       simulated phones at once, up to 1,000; each sends a request a second
#   SPAWN=5        how many of them start in a second
#   DURATION=2m    how long, such as 90s, 2m, 1h
#   REPORT=FILE    where the whole report goes, as HTML (default .local/load.html)
#
# Exit codes: 0 no request failed, 1 some failed or it could not run, 2 usage error.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
    printf 'load: %s\n' "$1" >&2
    exit 2
}
[[ ${URL-} == http*://* ]] || usage "URL must be the address of the API, with https://, not '${URL-}'"
[[ ${LOGIN-} == ?*:?* ]] || usage "LOGIN must be email:password of an organization for tests"
[[ ${USERS:=50} =~ ^[1-9][0-9]{0,2}$|^1000$ ]] || usage "USERS must be a number from 1 to 1000, not '$USERS'"
[[ ${SPAWN:=5} =~ ^[1-9][0-9]{0,2}$ ]] || usage "SPAWN must be a number from 1 to 999, not '$SPAWN'"
[[ ${DURATION:=2m} =~ ^[1-9][0-9]{0,3}[smh]$ ]] || usage "DURATION must be such as 90s, 2m or 1h, not '$DURATION'"
if [[ ${ENV-} ]]; then
    PYTHONDONTWRITEBYTECODE=1 python3 infra/deploy/stage.py
    infra/dev/setup.sh sam
fi
infra/dev/setup.sh load
mkdir -p .local
export LOGIN PYTHONDONTWRITEBYTECODE=1
printf 'load: %s phones against %s for %s\n' "$USERS" "$URL" "$DURATION"
started=$(date +%s)
status=0
.tools/load/bin/locust --locustfile infra/load/locustfile.py --headless --only-summary --loglevel ERROR \
    --host "$URL" --users "$USERS" --spawn-rate "$SPAWN" --run-time "$DURATION" --stop-timeout 40 \
    --html "${REPORT:-.local/load.html}" --exit-code-on-error 1 || status=1
printf 'load: the whole report is %s\n' "${REPORT:-.local/load.html}"
if [[ ${ENV-} ]]; then
    STARTED=$started .tools/sam/bin/python infra/deploy/units.py || status=1
fi
exit $status
