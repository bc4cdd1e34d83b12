#!/usr/bin/env bash
# Takes the screenshots of docs/images/: the console with the demo data, from a separate service.
set -euo pipefail
cd "$(dirname "$0")/../.."

infra/dev/console.sh
export PATH="$PWD/.tools/node/bin:$PATH"
exec tests/e2e/with_server.sh node functions/console/web/tests/browser/pictures.ts docs/images
