# Sourced by scripts that install tools, because targets of `make -j` may want the same tool at the same time.
#
# one_at_a_time NAME: waits until no other script holds this name, and holds it until the calling script ends. Without
# flock, as on macOS, it does not wait.
one_at_a_time() {
    mkdir -p .tools
    command -v flock >/dev/null || return 0
    exec 9>".tools/$1.lock"
    flock 9
}
