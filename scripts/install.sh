#!/bin/sh
# Links the command `letters` of this folder's .venv into ~/.local/bin, where a shell finds it. `make install` runs it in
# the project's folder, or in an office's own. What stands there already is never written over.
set -eu

script=$(pwd -P)/.venv/bin/letters
folder=${HOME:?Where is home? HOME is not set.}/.local/bin
link=$folder/letters

fail() {
    printf 'Not installed: %s\n' "$*" >&2
    exit 1
}

if [ -L "$link" ] && [ "$(readlink "$link")" != "$script" ]; then
    fail "$link leads to $(readlink "$link"). Remove it first, if this one is to take its place: rm '$link'"
elif [ -e "$link" ] && [ ! -L "$link" ]; then
    fail "$link is there, and is none of our links. Move it away first, if this one is to take its place."
fi
mkdir -p "$folder" || fail "the folder $folder cannot be made."
[ -L "$link" ] || ln -s "$script" "$link" || fail "nothing can be written in $folder."

case ":$PATH:" in
*":$folder:"*)
    found=$(command -v letters || true)
    if [ "$found" != "$link" ]; then
        printf '%s is there, but a shell finds %s before it.\n' "$link" "$found"
    else
        printf 'Installed: %s. Next: letters --help\n' "$link"
    fi
    ;;
*)
    printf 'Installed: %s, and shells do not look in that folder yet. Add this line to the start-up file of your shell\n' "$link"
    printf '(~/.bashrc, ~/.zshrc) and open a new one; for fish, type: fish_add_path ~/.local/bin\n'
    # shellcheck disable=SC2016 # to be written as it stands
    printf '    PATH="$HOME/.local/bin:$PATH"\n'
    ;;
esac
