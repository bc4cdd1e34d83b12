#!/usr/bin/env bash
# Builds daftari-admin for a release, and packs it with its licence and its completion scripts.
#
#   package-admin.sh TARGET FOLDER     such as x86_64-unknown-linux-musl dist. Makes
#                                      FOLDER/daftari-admin-VERSION-TARGET.tar.gz
#   TAG=v1.2.3                         the release, which must be the version of the workspace
#   PROFILE=dev                        a quick build, to try this script
#
# The machine must run the target's binaries. A musl target gives a binary that runs on any Linux; it needs musl-gcc,
# which Debian and Ubuntu have in musl-tools.
# Exit codes: 0 packed, 1 failed, 2 usage error.
set -euo pipefail
cd "$(dirname "$0")/../.."

fail() {
    printf 'package-admin: %s\n' "${@:2}" >&2
    exit "$1"
}

[[ $# == 2 ]] || fail 2 "usage: package-admin.sh TARGET FOLDER"
target=$1 folder=$2 profile=${PROFILE:-release}
output=$profile
[[ $profile != dev ]] || output=debug
version=$(cargo metadata --locked --no-deps --format-version 1 |
    python3 -c 'import json,sys
packages = json.load(sys.stdin)["packages"]
print(next(package["version"] for package in packages if package["name"] == "daftari-admin"))')
[[ -z ${TAG-} || $TAG == "v$version" ]] || fail 1 "the tag $TAG is not v$version, the version in Cargo.toml"

if [[ $target == *-linux-musl ]]; then
    command -v musl-gcc >/dev/null || fail 1 "missing: musl-gcc (apt-get install musl-tools)"
    export "CC_${target//-/_}=musl-gcc"
fi
cargo build --locked --profile "$profile" --bin daftari-admin --target "$target" ||
    fail 1 "cargo build failed; see above."
binary=${CARGO_TARGET_DIR:-target}/$target/$output/daftari-admin
[[ $("$binary" --version) == "daftari-admin $version" ]] || fail 1 "$binary does not run, or is of another version"

name=daftari-admin-$version-$target
staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT
mkdir -p "$staged/$name/completions" "$folder"
cp "$binary" LICENSE "$staged/$name/"
for shell in bash zsh fish; do
    "$binary" completions "$shell" >"$staged/$name/completions/daftari-admin.$shell"
done
PYTHONDONTWRITEBYTECODE=1 python3 infra/dev/archive.py "$staged" "$folder/$name.tar.gz"
