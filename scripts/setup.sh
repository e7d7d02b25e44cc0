#!/bin/sh
# Makes .venv: Python, the libraries of the lock files that are named, this package, and Pango (which typesets).
# `make` runs it in the project's folder; PYTHON=... chooses the Python. With `--engine ENGINE`, in an office's own folder,
# the package is what pip finds under that name, and the libraries are those that its own lock file names.
set -eu

pango_for_debian='libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0'
unfinished=.venv/.unfinished # is there while something is being installed: if found, that was interrupted

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM

main() {
    for here in . .venv; do # of somebody else, say: nothing of it is touched then
        [ ! -e "$here" ] || [ -w "$here" ] || fail "The folder $(cd "$here" && pwd) may not be written to." \
            'Work in a copy of your own (git clone), or let its owner run this.'
    done
    if [ -e "$unfinished" ] || ! is_usable .venv/bin/python || ! .venv/bin/python -c 'import pip' 2>"$log"; then
        make_venv
    fi
    : >"$unfinished"
    if [ "$1" = --engine ]; then
        install_engine "$2"
    else
        install_libraries "$@"
    fi
    rm "$unfinished"
    if ! pango_loads; then
        install_with_apt 'Pango, which typesets the letters, is missing' "$pango_for_debian" pango pango
        pango_loads || fail_with_log 'Pango is there, but WeasyPrint cannot use it.'
    fi
}

make_venv() {
    python=$(find_python)
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    say "Setting up .venv with Python $version ..."
    if ! "$python" -c 'import ensurepip, venv' 2>"$log"; then # Debian keeps them in a package of their own
        install_with_apt "Python's venv module is missing" "python$version-venv $pango_for_debian" 'python3-pip pango' \
            'python pango'
    fi
    rm -rf .venv
    mkdir .venv
    : >"$unfinished"
    silently "$python" -m venv .venv || fail_with_log "could not make .venv with $python."
}

# The name of a Python that is new enough.
find_python() {
    for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if is_usable "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
        [ -z "${PYTHON-}" ] || break # who names one means that one
    done
    fail "Python 3.11 or newer is needed, and ${PYTHON:-python3} is $(describe "${PYTHON:-python3}")." \
        'Install one, or say where it is: make PYTHON=/path/to/python3.12 ...'
}

is_usable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

describe() {
    "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null || printf 'not found\n'
}

install_libraries() {
    for lock in "$@"; do
        say "Installing the libraries of $lock ..."
        pip_install --require-hashes --no-deps --requirement "$lock"
    done
    # No dependencies and no build isolation: nothing may come in that the locks do not name.
    pip_install --no-deps --no-build-isolation --editable .
}

# A wheel or an address brings its lock file with it; a folder has it, and what builds a package from it is locked, too.
install_engine() {
    say "Installing the engine $1 ..."
    if [ -f "$1/requirements.lock" ]; then
        pip_install --require-hashes --no-deps --requirement "$1/requirements.lock"
        pip_install --force-reinstall --no-deps --no-build-isolation "$1"
    else
        pip_install --force-reinstall --no-deps "$1"
        pip_install --require-hashes --no-deps --requirement "$(packaged requirements.lock)"
    fi
    rm -f docs
    ln -s "$(packaged docs)" docs
}

# The path, from here, of a file that came with the engine.
packaged() {
    .venv/bin/python -c '
import os, sys
from letters.packaged import packaged
print(os.path.relpath(packaged(sys.argv[1])))' "$1"
}

pip_install() {
    if silently .venv/bin/python -m pip --quiet --disable-pip-version-check install --no-input "$@"; then
        return
    fi
    rm "$unfinished" # pip downloads first and installs then: a failure left .venv as it was
    if grep -q -i -E 'NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError' "$log"; then
        fail 'cannot reach the package index. Check the network (and the proxy, if you have one), then run make again.'
    fi
    fail_with_log 'pip could not install the libraries.'
}

# Really loads it, as the only sure test. HarfBuzz's subsetter may be missing as far as WeasyPrint goes: it warns.
pango_loads() {
    .venv/bin/python -W error::DeprecationWarning:weasyprint.text.ffi -c 'import weasyprint' >"$log" 2>&1
}

# install_with_apt WHAT-IS-MISSING DEBIAN-PACKAGES FEDORA-PACKAGES HOMEBREW-PACKAGES
install_with_apt() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        fail "$1. Install it, then run make again:
    Debian, Ubuntu:  sudo apt install $2
    Fedora:          sudo dnf install $3
    macOS:           brew install $4"
    fi
    say "Installing with apt: $2 ..."
    export DEBIAN_FRONTEND=noninteractive
    silently apt-get --quiet update || true # one list that cannot be fetched need not matter: the next line tells
    # shellcheck disable=SC2086 # several packages, several words
    silently apt-get --quiet --yes --no-install-recommends install $2 ||
        fail_with_log "$1, and apt could not install it. Check the network, then run make again."
}

# Runs a command without its output, which is kept for fail_with_log.
silently() {
    "$@" >"$log" 2>&1 </dev/null
}

say() {
    printf '%s\n' "$*"
}

fail() {
    printf 'Set-up: %s\n' "$*" >&2
    exit 1
}

fail_with_log() {
    cat "$log" >&2
    fail "$@"
}

main "$@"
