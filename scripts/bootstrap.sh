#!/usr/bin/env bash
# Make .venv from the locked requirements; do nothing when it is already up to date.
#   scripts/bootstrap.sh        what the portal needs to run
#   scripts/bootstrap.sh dev    the tools for tests and checks as well
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/system.sh
. scripts/system.sh

locks=(requirements.txt)
[ "${1:-run}" = dev ] && locks+=(requirements-dev.txt)

is_current() {
    [ -x .venv/bin/python ] || return 1
    for lock in "${locks[@]}"; do
        sha256sum --status -c ".venv/stamp-$lock" 2>/dev/null || return 1
    done
}

is_current && exit 0

find_python() {
    for name in python3.11 python3 python3.12 python3.13 python; do
        if command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

can_make_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# One start at a time: two terminals must not fill the same folder.
if command -v flock >/dev/null; then
    mkdir -p var
    exec 9>var/bootstrap.lock
    flock 9
    is_current && exit 0
fi

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python) || {
        install_packages python3 python3-venv || stop "Python 3.11 or newer is needed: install python3 and python3-venv."
        python=$(find_python) || stop "The Python of this system is older than 3.11: install python3.11 with its venv module."
    }
    if ! can_make_venv "$python"; then
        install_packages python3-venv && can_make_venv "$python" ||
            stop "$python cannot make environments: install the package python3-venv."
    fi
    echo "Making .venv with $($python --version)"
    "$python" -m venv --clear .venv
fi

for lock in "${locks[@]}"; do
    sha256sum --status -c ".venv/stamp-$lock" 2>/dev/null && continue
    echo "Installing $lock (about a minute the first time)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes --only-binary :all: -r "$lock" ||
        stop "The packages of $lock could not be installed: the lines above say why."
    sha256sum "$lock" >".venv/stamp-$lock"
done
