#!/usr/bin/env bash
# Races and kills against the real binaries over the local table, all on loopback. attack.py lists the attacks and their
# variables. RELEASE=1 attacks release builds.
#
# Exit codes: 0 passed, 1 a check failed or the attack could not run, 2 usage error.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1

# Tests the checker first: an attack can only show faults that the checker detects.
python3 -m unittest discover --quiet --start-directory tests/attack

binaries=$(python3 infra/dev/build.py daftari-local auth ingest ledger users)
exec python3 tests/attack/attack.py "$binaries"
