# Shared by ./demo and ./test: a Python environment in .venv with exactly the locked packages.
# Sourced, not run; the caller stands in the root of the checkout.

# Compiled modules are kept, whatever the caller's shell says: each of the many processes that are started here would
# compile a thousand of them anew, which takes longer than what it was started for.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }

# A distribution builds its Python by what it measured of it, which others often are not: the same work
# takes up to a sixth less.
find_python() {
  local name
  for name in "${CARESHAPE_PYTHON:-}" /usr/bin/python3 python3.13 python3.12 python3.11 python3; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 || continue
    # Where the distribution's cannot make an environment yet, another that can is better than to ask for a package.
    if [ "$name" = /usr/bin/python3 ] && ! "$name" -c 'import ensurepip, venv' 2>/dev/null; then continue; fi
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  say "careshape needs Python 3.11 or newer, and none was found. On Debian or Ubuntu: apt install python3 python3-venv"
  exit 2
}

apt_install() {  # apt_install PACKAGE...: as root only; says what it does
  say "Installing $* with apt ..."
  export DEBIAN_FRONTEND=noninteractive
  if [ -z "${apt_updated:-}" ]; then apt-get update -qq >&2; apt_updated=1; fi
  apt-get install -y -qq --no-install-recommends "$@" >&2
}

make_venv() {
  local python
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt_install python3-venv
    else
      say "Python's venv module is missing. Install it first: sudo apt install python3-venv"
      exit 2
    fi
  fi
  say "Making a Python environment in .venv ..."
  "$python" -m venv --clear .venv
}

prepare_python() {  # prepare_python LOCKFILE
  local lock=$1 stamp
  [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || make_venv
  stamp=$(cat requirements/bootstrap.txt "$lock" pyproject.toml | sha256sum | cut -d' ' -f1)
  # What another lock file put there may be more than this one needs; it is exact all the same.
  if grep -qs "$stamp" .venv/careshape-locks && [ -x .venv/bin/careshape ]; then return; fi
  say "Installing the locked packages of $lock ..."
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
  # uv takes seconds where pip takes a minute; where uv does not trust the network's certificates, pip may.
  .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock" 2>/dev/null ||
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
  .venv/bin/uv pip install --quiet --offline --python .venv/bin/python --no-deps --no-build-isolation --editable .
  printf '%s\n' "$stamp" >> .venv/careshape-locks
}
