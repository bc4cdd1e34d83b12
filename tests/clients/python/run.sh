#!/usr/bin/env bash
# Generates a Python client from docs/openapi.json into a folder, checks it with mypy, and calls the service at
# DAFTARI_URL with it.
set -euo pipefail
cd "$(dirname "$0")/../../.."
folder=$1
tools=.tools/generated/bin

# The generator's own formatter is not installed.
"$tools/openapi-python-client" generate --path docs/openapi.json --output-path "$folder/client" --meta none \
    --config tests/clients/python/generator.yaml --fail-on-warning --overwrite
mv "$folder/client" "$folder/daftari_client"
cp tests/clients/python/call.py "$folder/call.py"
cd "$folder"
"$OLDPWD/$tools/mypy" --strict --no-error-summary --cache-dir "$folder/mypy" call.py daftari_client
"$OLDPWD/$tools/python" call.py
