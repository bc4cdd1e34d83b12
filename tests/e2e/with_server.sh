#!/usr/bin/env bash
# Starts `make dev` on free ports with separate data, and runs a command against it. The command finds the service's URL
# in DAFTARI_URL.
#
#   tests/e2e/with_server.sh COMMAND [ARGUMENT...]
#
# Exit codes: 0 the command succeeded and everything stopped, 1 otherwise.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
log=$work/dev.log
: >"$log"
dev=
cleanup() {
    if [[ -n $dev ]]; then
        kill -TERM "$dev" 2>/dev/null || true
        wait "$dev" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

read -r port table_port < <(python3 - <<'PYTHON'
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(s.getsockname()[1] for s in sockets))
PYTHON
)
# Through make, as developers start it. make passes SIGTERM on.
PORT=$port TABLE_PORT=$table_port DATA_DIR=$work/data RELOAD=0 make --no-print-directory dev >"$log" 2>&1 &
dev=$!
# Few lines, so that the command's own last lines stay visible.
show_log() {
    printf '%s\n' "----- make dev said:"
    grep -v '"level":"INFO"' "$log" | tail -n 40
    printf '%s\n' "-----"
}
# Includes the build, which may be the first.
for ((second = 0; second < 1500; second++)); do
    grep -q '^ready ' "$log" && break
    kill -0 "$dev" 2>/dev/null || break
    sleep 1
done
if ! grep -q '^ready ' "$log"; then
    show_log >&2
    printf 'with_server: make dev did not become ready\n' >&2
    exit 1
fi
# `cargo lambda watch` must run the binaries that make dev built, in either profile: RELEASE=1 tests/e2e/with_server.sh
# true
if grep -q '^dev: cargo lambda watch built again' "$log"; then
    show_log >&2
    printf 'with_server: make dev built the functions twice\n' >&2
    exit 1
fi

status=0
DAFTARI_URL=http://127.0.0.1:$port "$@" || status=$?
if [[ $status != 0 ]]; then
    show_log
    exit 1
fi

# Everything that make dev started must end with it.
kill -TERM "$dev"
wait "$dev" 2>/dev/null || true
dev=
if ! grep -q '^dev: stopped' "$log"; then
    show_log
    printf 'with_server: make dev did not stop as it should\n' >&2
    exit 1
fi
if python3 - "$port" "$table_port" <<'PYTHON'
import socket, sys
for port in map(int, sys.argv[1:]):
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            sys.exit(f"with_server: port {port} is still served after make dev stopped")
PYTHON
then :; else exit 1; fi
