#!/usr/bin/env bash
# The smoke test, with the demo login, against the service that DAFTARI_URL names: tests/e2e/with_server.sh starts one.
#
#   tests/e2e/with_server.sh tests/deploy/smoke_local.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

URL=$DAFTARI_URL LOGIN=demo@daftari.example:demo-password-2021 SECONDS_PER_CALL=60 exec make --no-print-directory smoke
