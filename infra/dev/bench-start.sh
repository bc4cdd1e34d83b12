#!/usr/bin/env bash
# Prints for every function's release binary the zipped size and two times. The time from process start to its first
# request for an event is compared with an empty function, the time of its first request with later ones. Exit codes: 0
# within the limits, 1 over a limit or failed.
set -euo pipefail
cd "$(dirname "$0")/../.."

RUNS=${RUNS:-40}
names=$(python3 infra/dev/functions.py)
# Without mapfile, which macOS's bash 3.2 does not have.
FUNCTIONS=()
while IFS= read -r name; do FUNCTIONS+=("$name"); done <<<"$names"

bins=(--bin empty-function --bin daftari-bench-start)
for function in "${FUNCTIONS[@]}"; do bins+=(--bin "$function"); done
cargo build --locked --release "${bins[@]}"
target=$(cargo metadata --locked --format-version 1 --no-deps |
    python3 -c 'import json,sys; print(json.load(sys.stdin)["target_directory"])')/release

status=0
python3 infra/dev/zipped.py "$target/empty-function" "${FUNCTIONS[@]/#/$target/}" || status=1
"$target/daftari-bench-start" start --runs "$RUNS" --empty "$target/empty-function" "${FUNCTIONS[@]/#/$target/}" ||
    status=1
"$target/daftari-bench-start" first "${FUNCTIONS[@]/#/$target/}" || status=1
exit $status
