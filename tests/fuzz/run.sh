#!/usr/bin/env bash
# Fuzzes a running service by its own OpenAPI document. No answer may be a server error, have an undocumented status, or
# violate its schema.
#
#   tests/fuzz/run.sh              starts `make dev` with separate data
#   EXAMPLES=100 tests/fuzz/run.sh tries that many cases of each operation (default 10)
set -euo pipefail
cd "$(dirname "$0")/../.."

infra/dev/setup.sh fuzz
exec tests/e2e/with_server.sh tests/fuzz/fuzz.sh
