#!/usr/bin/env bash
# Builds what `sam deploy` takes, in infra/.aws-sam/build/: the template, and a bootstrap for each function.
#
#   ARCH=arm64 (the default) or x86_64     the processor, as the template's Architecture
#   FUNCTIONS="dti users"                  these functions only; the default is all
#
# Exit codes: 0 built, 1 failed, 2 called wrongly.
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

# The logical id of each function, by the name of its binary.
declare -A logical_ids=()
while read -r logical_id binary; do
    logical_ids[$binary]=$logical_id
done < <(awk '/^  [A-Za-z]+:$/ { id = $1; sub(":", "", id) } /Binary:/ { print id, $4 }' infra/template.yaml)

wanted=()
for function in ${FUNCTIONS:-}; do
    [[ ${logical_ids[$function]+there} ]] || fail 2 "FUNCTIONS: there is no function '$function'." \
        "The functions: $(printf '%s\n' "${!logical_ids[@]}" | sort | tr '\n' ' ')"
    wanted+=("$function")
done
[[ ${#wanted[@]} != 0 ]] || wanted=("${!logical_ids[@]}")

infra/dev/setup.sh tools
infra/dev/setup.sh sam
# The linker that cargo-lambda uses for the older C library of Lambda, and for the other processor.
infra/dev/setup.sh zig
export PATH="$PWD/.tools/cargo-lambda/bin:$PWD/.tools/zig/bin:$PATH" SAM_CLI_TELEMETRY=0

built=infra/.aws-sam/build
excluded=()
for function in "${!logical_ids[@]}"; do
    [[ " ${wanted[*]} " == *" $function "* ]] || excluded+=(--exclude "${logical_ids[$function]}")
done
started=$SECONDS
(
    cd infra
    ../.tools/sam/bin/sam build --config-env dev --template-file template.yaml \
        --parameter-overrides "ParameterKey=Architecture,ParameterValue=$ARCH" "${excluded[@]}"
) || fail 1 "sam build failed; see above."

for function in "${wanted[@]}"; do
    python3 infra/dev/bootstrap.py "$ARCH" "$built/${logical_ids[$function]}/bootstrap" || exit 1
done
printf 'package: %d of %d functions for %s in %s, after %d s\n' \
    ${#wanted[@]} ${#logical_ids[@]} "$ARCH" "$built" $((SECONDS - started))
[[ ${#excluded[@]} == 0 ]] || printf 'package: not to be deployed, since functions are left out\n'
