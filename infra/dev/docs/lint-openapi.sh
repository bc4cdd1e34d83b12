#!/usr/bin/env bash
# Lints docs/openapi.json with spectral and redocly, whose rules are beside this file.
#
# FAIL_ON=warning (default) or error: the least severity that fails. Exit codes: 0 passed, 1 failed. Without a suitable
# Python for Node's package, skips with a loud message and exits with 0, or with 1 in CI.
set -euo pipefail
cd "$(dirname "$0")/../../.."

. infra/dev/or_skip.sh
or_skip "THE OPENAPI DOCUMENT IS NOT LINTED, SKIPPED: no Python for Node's package; see above." \
    infra/dev/npm.sh infra/dev/docs
export PATH="$PWD/.tools/node/bin:$PATH" REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
bin=infra/dev/docs/node_modules/.bin
least=${FAIL_ON:-warning}
failed=0

echo "== spectral docs/openapi.json"
timeout 300 "$bin/spectral" lint --ruleset infra/dev/docs/spectral.yaml --fail-severity "${least/warning/warn}" \
    docs/openapi.json || failed=1

echo "== redocly docs/openapi.json"
found=$(mktemp)
trap 'rm -f "$found"' EXIT
# A linter that fails to run prints no findings.
timeout 300 "$bin/redocly" lint --config infra/dev/docs/redocly.yaml --format json --max-problems 1000 \
    docs/openapi.json >"$found" 2>"$found.err" || true
python3 - "$least" "$found" <<'PYTHON' || { cat "$found.err" >&2; failed=1; }
import json, sys

least, file = sys.argv[1:]
result = json.load(open(file, encoding="utf-8"))
for problem in result["problems"]:
    place = problem["location"][0].get("pointer", "")
    print(f"{problem['severity']:<8} {problem['ruleId']}  {problem['message']}  {place}")
totals = result["totals"]
print(f"{totals['errors']} errors, {totals['warnings']} warnings")
sys.exit(totals["errors"] + (totals["warnings"] if least == "warning" else 0) > 0)
PYTHON
rm -f "$found.err"
exit $failed
