#!/usr/bin/env bash
# Runs the smoke test with the demo login on the service at DAFTARI_URL, which tests/e2e/with_server.sh starts.
#
#   tests/e2e/with_server.sh tests/deploy/smoke_local.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

URL=$DAFTARI_URL LOGIN=demo@daftari.example:demo-password-2021 SECONDS_PER_CALL=60 make --no-print-directory smoke
PYTHONDONTWRITEBYTECODE=1 .tools/sam/bin/python tests/deploy/release_local.py demo@daftari.example:demo-password-2021
