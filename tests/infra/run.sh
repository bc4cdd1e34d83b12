#!/usr/bin/env bash
# Checks the deployment without an AWS account: lints the template with SAM, translates it, lints the translation and
# deploys it into a local moto server. Checks the GitHub workflows.
#
# Exit codes: 0 passed, 1 failed. Without a suitable Python, skips the checks with a loud message and exits with 0,
# or with 1 in CI.
set -euo pipefail
cd "$(dirname "$0")/../.."

. infra/dev/or_skip.sh
for tools in sam moto workflows node; do
    or_skip "TESTS OF THE TEMPLATE SKIPPED: no Python that its tools run on; see above." infra/dev/setup.sh "$tools"
done

# Hides the caller's credentials and profile.
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_ENDPOINT_URL
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1
export AWS_EC2_METADATA_DISABLED=true SAM_CLI_TELEMETRY=0
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=infra/dev

failed() {
    printf '\ntest-infra: %s\n' "$1" >&2
    exit 1
}

echo "== sam validate --lint infra/template.yaml"
(cd infra && timeout 120 ../.tools/sam/bin/sam validate --lint --template-file template.yaml) \
    || failed "infra/template.yaml does not pass 'sam validate --lint'"

# Includes Africa, and the region in which AWS releases first.
echo "== cfn-lint infra/template.yaml infra/deploy/*.yaml"
timeout 180 .tools/sam/bin/cfn-lint --regions eu-west-1 af-south-1 us-east-1 -- \
    infra/template.yaml infra/deploy/*.yaml \
    || failed "a template does not pass cfn-lint"

echo "== check-jsonschema .github/workflows"
timeout 60 .tools/workflows/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml \
    || failed "a workflow violates GitHub's schema"
timeout 60 .tools/workflows/bin/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml \
    || failed "dependabot.yml violates GitHub's schema"

echo "== zizmor .github"
timeout 60 .tools/workflows/bin/zizmor --offline --no-progress --quiet .github \
    || failed "zizmor finds a workflow unsafe"

echo "== the template in a local AWS"
timeout 600 .tools/moto/bin/python -m pytest -q -p no:cacheprovider tests/infra "$@" \
    || failed "the tests of the template fail"
