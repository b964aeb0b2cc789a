#!/usr/bin/env bash
# Make the virtual environment named by the first argument with a Python that is new enough.
set -euo pipefail
venv=$1

new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

python=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
  if command -v "$candidate" >/dev/null && new_enough "$candidate"; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "Shroff needs Python 3.11 or later, and none was found as: ${PYTHON:-python3, python3.11 ... python3.14}." >&2
  echo "Install one, or name it: make PYTHON=/path/to/python3.12 ..." >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  echo "$python cannot make virtual environments: its venv module is not installed." >&2
  echo "On Debian or Ubuntu: apt-get install python$version-venv" >&2
  exit 1
fi
if [ -x "$venv/bin/python" ] && ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  rm -rf "$venv"  # left half-made by an earlier attempt
fi
if [ ! -x "$venv/bin/python" ]; then
  echo "Making $venv with $("$python" --version)"
  "$python" -m venv "$venv"
fi
