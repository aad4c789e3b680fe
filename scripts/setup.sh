#!/bin/sh
# Make the virtual environment in .venv and install the locked packages.
#   scripts/setup.sh run    what `make run` needs
#   scripts/setup.sh dev    the tools of the tests and checks as well
# PYTHON names the interpreter to use; else the first fit one of the usual names is taken.
set -eu
kind=$1
lock=requirements.lock
[ "$kind" = dev ] && lock=requirements-dev.lock
venv=.venv
log=$venv/setup.log

fail() {
    echo "kb: $1" >&2
    exit 4
}

fit() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

python=
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    if fit "$candidate"; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "no Python 3.11 or newer was found on PATH: install one, or name it: make run PYTHON=/path/to/python3"

if ! "$venv/bin/python" -c '' 2>/dev/null; then
    echo "Making the virtual environment in $venv"
    rm -rf "$venv"
    "$python" -m venv "$venv" || fail "a virtual environment could not be made: install the venv module of $python (on Debian: python3-venv), or free some disk space"
fi

echo "Installing $(grep -c '==' "$lock") locked packages (once; a minute or two)"
status=0
"$venv/bin/python" -m pip install --disable-pip-version-check --no-input --progress-bar off \
    --require-hashes --requirement "$lock" >"$log" 2>&1 &
installer=$!
trap 'kill $installer 2>/dev/null; exit 130' INT TERM
while kill -0 "$installer" 2>/dev/null; do
    sleep 2
    if [ -t 2 ]; then printf '\r  %s packages looked at' "$(grep -c '^Collecting' "$log")" >&2; fi
done
wait "$installer" || status=$?
if [ -t 2 ]; then echo >&2; fi
if [ "$status" -ne 0 ]; then
    reason=$(grep -E '^ERROR' "$log" | head -n 1)
    fail "the packages could not be installed (${reason:-see $log}): check the network and the free disk space, then run it again"
fi
"$venv/bin/python" -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable . \
    >>"$log" 2>&1 || fail "the project itself could not be installed: see $log"
# Where Python is told to write no bytecode of its own accord, each start would compile the modules again.
"$venv/bin/python" -m compileall -q kb schema loaders app >>"$log" 2>&1 || true
