#!/usr/bin/env bash
# Prints the commit that is checked out, by which a package and GET /version name their code. `-dirty` follows if a
# tracked file has been changed since. Outside of a git checkout it prints nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
git describe --always --dirty --abbrev=40 --exclude='*' 2>/dev/null || true
