#!/bin/sh
# Installs Chromium, which tests of the preview need, where that can be done; elsewhere says how, and those tests are
# left out (but for CI, where they fail).
set -eu

# Whether there is a browser, and the program that drives it runs (on Debian it needs a library of its own).
works() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" >/dev/null; then
            .venv/bin/python -m playwright --version >/dev/null 2>&1
            return
        fi
    done
    return 1
}

if works; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo 'Installing with apt: chromium libatomic1 ...'
    export DEBIAN_FRONTEND=noninteractive
    apt-get --quiet update >/dev/null 2>&1 </dev/null || true
    if apt-get --quiet --yes --no-install-recommends install chromium libatomic1 >/dev/null 2>&1 </dev/null && works; then
        exit 0
    fi
fi
echo 'The tests that need a browser are left out: there is no Chromium. To run them too, install it, then: make test
    Debian, Ubuntu:  sudo apt install chromium libatomic1
    Fedora:          sudo dnf install chromium
    macOS:           brew install --cask chromium'
