#!/usr/bin/env bash
# Generates types from docs/openapi.json, compiles call.ts and the example with the strictest checks, and runs call.ts
# against the service at DAFTARI_URL.
set -euo pipefail
cd "$(dirname "$0")"

npx --no-install openapi-typescript ../../../docs/openapi.json --output schema.d.ts
npx --no-install tsc --project tsconfig.json
node call.ts
