#!/usr/bin/env bash
# Calls a running service with what its own OpenAPI document allows and forbids: no answer may be a server error, have a
# status that is not described, or lie outside its schema.
#
#   tests/fuzz/run.sh              starts `make dev` with data of its own, and calls it
#   EXAMPLES=100 tests/fuzz/run.sh tries that many cases of each operation (default 10)
set -euo pipefail
cd "$(dirname "$0")/../.."

infra/dev/setup.sh fuzz
exec tests/e2e/with_server.sh tests/fuzz/fuzz.sh
