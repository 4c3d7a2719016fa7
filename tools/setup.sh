#!/bin/sh
# Makes .venv, with everything pinned in constraints.txt, and fetches the system libraries that are missing.
#
#   tools/setup.sh          what running needs
#   tools/setup.sh test     and what the tests need: a virtual screen, a mouse and a keyboard for it
#
# Safe to run again: it does only what is not done yet. System packages are installed on Debian and Ubuntu, as root or
# with sudo; elsewhere it says what is missing.
set -eu
cd "$(dirname "$0")/.."
venv=.venv

say() { printf 'setup: %s\n' "$*" >&2; }

has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }

apt_install() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say "please install these with your system's package manager: $*"
        return 1
    fi
    if [ "$(id -u)" = 0 ]; then as_root=""; elif command -v sudo >/dev/null 2>&1; then as_root="sudo"; else
        say "please ask your administrator to install: $*"
        return 1
    fi
    say "installing system packages: $*"
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

system_packages() {
    [ "$(uname)" = Linux ] || return 0
    missing=""
    has_library libGL.so.1 || missing="$missing libgl1"
    has_library libglib-2.0.so.0 || missing="$missing libglib2.0-0"
    if [ "${1:-}" = test ]; then
        command -v Xvfb >/dev/null 2>&1 || missing="$missing xvfb libgl1-mesa-dri"
        command -v xdotool >/dev/null 2>&1 || missing="$missing xdotool"
        command -v import >/dev/null 2>&1 || missing="$missing imagemagick"
    fi
    # shellcheck disable=SC2086
    [ -z "$missing" ] || apt_install $missing
}

find_python() {
    for python in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
        [ -n "$python" ] && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        echo "$python"
        return
    done
    say "Python 3.11 or newer is needed; install it, or name it: make PYTHON=/path/to/python"
    return 1
}

make_venv() {
    [ -x $venv/bin/pip ] && return
    rm -rf $venv
    python=$(find_python)
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        # Debian keeps this part of Python in a package of its own.
        apt_install "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
    say "making $venv with $("$python" --version)"
    "$python" -m venv $venv
}

python_packages() {
    stamp=$(cat pyproject.toml constraints.txt | cksum)
    [ "$(cat $venv/.installed 2>/dev/null)" = "$stamp" ] && return
    say "installing the packages of constraints.txt"
    # uv is many times faster; pip does the same where uv does not get through.
    $venv/bin/python -m pip install -q -c constraints.txt uv &&
        $venv/bin/uv pip install -q --python $venv/bin/python -c constraints.txt -e '.[dev,sound]' ||
        $venv/bin/python -m pip install -q -c constraints.txt -e '.[dev,sound]'
    # uv leaves the bytecode to the first start, which is to be as quick as the next.
    $venv/bin/python -c 'import av, cv2, networkx, onnxruntime, torch
import nodeflow.cli, nodeflow.editor.app, nodeflow.models.card' || true
    echo "$stamp" >$venv/.installed
}

system_packages "${1:-}"
make_venv
python_packages
