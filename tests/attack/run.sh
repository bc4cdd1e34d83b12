#!/usr/bin/env bash
# Races and kills against the real binaries over the local table, all on loopback; attack.py says what, and by which
# variables. RELEASE=1 attacks release builds.
#
# Exit codes: 0 everything held, 1 something did not or the attack could not be made, 2 called wrongly.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1

# The checker first: what it does not catch, no attack can show.
python3 -m unittest discover --quiet --start-directory tests/attack

binaries=$(python3 infra/dev/build.py daftari-local auth ingest ledger users)
exec python3 tests/attack/attack.py "$binaries"
