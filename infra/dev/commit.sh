#!/usr/bin/env bash
# Prints the checked-out commit, which a package and GET /version report. `-dirty` follows if a tracked file has been
# changed. Outside of a git checkout it prints nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
git describe --always --dirty --abbrev=40 --exclude='*' 2>/dev/null || true
