# Shared by the shell scripts: say one sentence and stop; install system packages when allowed.

stop() {
    echo "$*" >&2
    exit 1
}

# install_packages NAME...: true when apt could install them; asks nobody anything.
install_packages() {
    command -v apt-get >/dev/null || return 1
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || return 1
        as_root=(sudo -n)
    fi
    echo "Installing the system packages: $*"
    local run=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y)
    "${run[@]}" install --no-install-recommends "$@" >/dev/null 2>&1 </dev/null && return 0
    "${run[@]}" update >/dev/null 2>&1 </dev/null || true
    "${run[@]}" install --no-install-recommends "$@" >/dev/null </dev/null
}
