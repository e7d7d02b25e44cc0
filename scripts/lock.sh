#!/bin/sh
# Writes requirements.lock, requirements-dev.lock and requirements-bench.lock from pyproject.toml: for every platform and
# Python that the project supports, with the hash of each file, and no address. `make lock` keeps versions that still
# fit; `make lock UPGRADE=1` takes the newest.
set -eu

python=.venv/bin/python
uv_home=build/uv # not in .venv: only whoever changes the libraries needs it

$python -m pip -qq install --target "$uv_home" --upgrade uv==0.13.9

compile() {
    UV_CUSTOM_COMPILE_COMMAND='make lock' PYTHONPATH="$uv_home" $python -m uv --quiet --no-config pip compile "$@" \
        --universal --python-version 3.11 --generate-hashes ${UPGRADE:+--upgrade}
}

compile pyproject.toml --group build --output-file requirements.lock
compile --group dev --constraint requirements.lock --output-file requirements-dev.lock
compile --group bench --constraint requirements.lock --output-file requirements-bench.lock
