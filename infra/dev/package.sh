#!/usr/bin/env bash
# Builds the input of `sam deploy` in infra/.aws-sam/build/: the template, and a bootstrap binary for each function.
#
#   ARCH=arm64 (the default) or x86_64     the processor, as in the template's Architecture
#   FUNCTIONS="dti users"                  only these functions; the default is all
#   ARCHIVE=FILE.tar.gz                    also packs it, for `make deploy PACKAGE=FILE.tar.gz DIGEST=…`, and prints its
#                                          SHA-256; the same input gives the same bytes
#
# The package and GET /version name the commit that is checked out.
#
# Exit codes: 0 built, 1 failed, 2 usage error.
set -euo pipefail
cd "$(dirname "$0")/../.."

fail() {
    printf 'package: %s\n' "${@:2}" >&2
    exit "$1"
}

case ${ARCH:=arm64} in
arm64 | x86_64) ;;
*) fail 2 "ARCH must be arm64 or x86_64, not $ARCH" ;;
esac

[[ -z ${ARCHIVE-} || -z ${FUNCTIONS-} ]] || fail 2 "ARCHIVE is for all functions: leave FUNCTIONS out"
# It would also affect zig's C compiler, and Lambda's processors may lack features of this one.
for flags in "${RUSTFLAGS-}" "$(cat "${CARGO_HOME:-$HOME/.cargo}"/config{,.toml} 2>/dev/null || true)"; do
    [[ $flags != *target-cpu=native* ]] || fail 1 "target-cpu=native is set in RUSTFLAGS or in Cargo's config.toml:" \
        "the functions might not run on Lambda. Take it away for this build."
done
infra/dev/setup.sh sam >&2
# A line for each function of the template: its binary, its logical id.
all=$(PYTHONDONTWRITEBYTECODE=1 .tools/sam/bin/python infra/dev/sam_template.py <infra/template.yaml)
logical_id() { awk -v binary="$1" '$1 == binary { print $2 }' <<<"$all"; }

wanted=()
for function in ${FUNCTIONS:-$(cut -d ' ' -f 1 <<<"$all")}; do
    [[ $(logical_id "$function") ]] || fail 2 "FUNCTIONS: unknown function '$function'." \
        "The functions are $(cut -d ' ' -f 1 <<<"$all" | sort | paste -s -d ' ' -)."
    wanted+=("$function")
done
command=(
    ../.tools/sam/bin/sam build --config-env dev --template-file template.yaml
    --parameter-overrides "ParameterKey=Architecture,ParameterValue=$ARCH"
)
while read -r binary id; do
    [[ " ${wanted[*]} " == *" $binary "* ]] || command+=(--exclude "$id")
done <<<"$all"

# A package always contains the console's page.
if [[ " ${wanted[*]} " == *" console "* ]]; then
    infra/dev/console.sh >&2 || fail 1 "the console's page was not built; see above."
    export DAFTARI_CONSOLE=required
fi
infra/dev/setup.sh tools
# cargo-lambda links with zig, for the older C library of Lambda and for the other processor.
infra/dev/setup.sh zig
export PATH="$PWD/.tools/cargo-lambda/bin:$PWD/.tools/zig/bin:$PATH" SAM_CLI_TELEMETRY=0

started=$SECONDS
# The build of the docs function reads it.
DAFTARI_COMMIT=$(infra/dev/commit.sh)
export DAFTARI_COMMIT
# SAM builds one function after another. Building all of them first links them in parallel, and SAM then finds them up
# to date. The options must equal SAM's, or everything would be built twice.
build=(cargo lambda build --locked --release)
[[ $ARCH != arm64 ]] || build+=(--arm64)
for function in "${wanted[@]}"; do build+=(--bin "$function"); done
"${build[@]}" || fail 1 "cargo lambda build failed; see above."
(cd infra && "${command[@]}") || fail 1 "sam build failed; see above."
# The function that checks releases finds the functions by the routes of the template.
[[ -f infra/.aws-sam/build/ReleaseCheckFunction/release_check.py ]] || fail 1 "sam build left ReleaseCheckFunction out."
PYTHONDONTWRITEBYTECODE=1 .tools/sam/bin/python infra/dev/sam_template.py --routes \
    <infra/template.yaml >infra/.aws-sam/build/ReleaseCheckFunction/routes.json
printf '{"architecture": "%s", "commit": "%s"}\n' "$ARCH" "$DAFTARI_COMMIT" \
    >infra/.aws-sam/build/package.json
for function in "${wanted[@]}"; do
    python3 infra/dev/lambda_binary.py "$ARCH" "infra/.aws-sam/build/$(logical_id "$function")/bootstrap"
done
printf 'package: %d of %d functions for %s in infra/.aws-sam/build/, after %d s\n' \
    "${#wanted[@]}" "$(wc -l <<<"$all")" "$ARCH" $((SECONDS - started))
if [[ ${ARCHIVE-} ]]; then
    infra/dev/setup.sh sbom
    target=x86_64-unknown-linux-gnu
    [[ $ARCH != arm64 ]] || target=aarch64-unknown-linux-gnu
    .tools/sbom/bin/python infra/dev/sbom.py "$target" infra/.aws-sam/build/sbom.cdx.json
    .tools/sam/bin/python infra/dev/archive.py infra/.aws-sam/build "$ARCHIVE"
fi
[[ " ${command[*]} " != *" --exclude "* ]] || printf 'package: not to be deployed, since functions are left out\n'
