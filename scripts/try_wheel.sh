#!/usr/bin/env bash
# Build the wheel, install it alone in a fresh environment, run a tiny demo with it.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${1:-.venv}
pip=(-m pip --disable-pip-version-check -qq)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

rm -rf dist
"$venv/bin/python" "${pip[@]}" wheel --no-deps --no-build-isolation --wheel-dir dist .
scripts/venv.sh "$scratch/venv"
"$scratch/venv/bin/python" "${pip[@]}" install --no-compile --require-hashes --requirement requirements/run.lock
"$scratch/venv/bin/python" "${pip[@]}" install --no-compile --no-deps dist/*.whl
cd "$scratch"
venv/bin/shroff --help >/dev/null
venv/bin/shroff demo tiny --ads 2000 >demo.txt || { cat demo.txt >&2; exit 1; }
report=$(find tiny -name '*.html' -size +10k | head -n 1)
[ -n "$report" ] || { echo "the demo wrote no report" >&2; exit 1; }
echo "The wheel installs alone and its demo writes $report"
