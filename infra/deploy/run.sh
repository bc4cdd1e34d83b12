#!/usr/bin/env bash
# Runs a script of this folder with the Python of `infra/dev/setup.sh sam`, after installing the tools it needs.
#
#   infra/deploy/run.sh deploy|bootstrap|rotate_keys|prune|destroy|logs|admin
#
# Exit codes: 0 done, 1 failed, 2 usage error.
set -euo pipefail
cd "$(dirname "$0")/../.."
script=${1:?which script}

command -v python3 >/dev/null || {
    printf 'deploy: missing: python3\n' >&2
    exit 1
}
export PYTHONDONTWRITEBYTECODE=1
# Checks ENV before minutes of installing.
python3 infra/deploy/stage.py
infra/dev/setup.sh sam
# A package that was built elsewhere needs no tools to build.
if [[ $script == deploy && -z ${PACKAGE-} ]]; then
    infra/dev/setup.sh tools
    infra/dev/setup.sh zig
fi
exec .tools/sam/bin/python "infra/deploy/$script.py"
