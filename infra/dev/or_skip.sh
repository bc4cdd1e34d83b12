# Sourced by scripts that need tools, most of them of tests.
#
# or_skip MESSAGE COMMAND...: runs a command that sets up tools, and ends the script if it fails. Where this machine
# cannot have the tools (exit code 3), the tests are skipped: the script prints the message and exits with 0. In CI a
# skipped test is a failed one, so there it exits with 1.
or_skip() {
    local message=$1 status=0
    shift
    "$@" || status=$?
    case $status in
        0) return ;;
        3) printf '\n##### %s #####\n' "$message" >&2 ;;
        *) exit 1 ;;
    esac
    [[ -z ${CI-} ]] || exit 1
    exit 0
}
