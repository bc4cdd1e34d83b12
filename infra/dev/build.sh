#!/usr/bin/env bash
# Builds the functions for Lambda into target/lambda/<function>/bootstrap. ARCH is arm64 (the default) or x86_64.
set -euo pipefail
cd "$(dirname "$0")/../.."

case ${ARCH:-arm64} in
arm64) architecture=(--arm64) ;;
x86_64) architecture=(--x86-64) ;;
*)
    printf 'build: ARCH must be arm64 or x86_64, not %s\n' "$ARCH" >&2
    exit 2
    ;;
esac
infra/dev/setup.sh tools
# The linker for other processors and older systems than this one.
infra/dev/setup.sh zig
packages=()
for manifest in functions/*/Cargo.toml; do
    packages+=(--bin "$(basename "$(dirname "$manifest")")")
done
PATH="$PWD/.tools/cargo-lambda/bin:$PWD/.tools/zig/bin:$PATH" cargo lambda build --release "${architecture[@]}" "${packages[@]}"
