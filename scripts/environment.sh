# Sourced by run and test: makes .venv hold what a requirements file names, and does nothing if it already does.

find_python() {
  local name
  for name in "${PYTHON:-python3}" python3.11 python3.12 python3.13 python3.14; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
      echo "$name"
      return
    fi
  done
  echo "Python 3.11 or newer is needed; set PYTHON to its path." >&2
  return 1
}

# What an environment was made from: the packages, Python, and where it stands.
wanted() {
  cat requirements.txt "$1" pyproject.toml
  .venv/bin/python --version
  pwd
}

is_installed() {
  [ "$(cat ".venv/installed-$1" 2>/dev/null)" = "$(wanted "$1")" ]
}

# ensure_environment FILE: a stamp says what is installed, so a second call needs no network.
ensure_environment() {
  local file=$1 python
  if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    echo "Creating .venv with $("$python" --version) ..."
    "$python" -m venv .venv
  fi
  if ! is_installed "$file"; then
    echo "Installing what $file names ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$file"
    wanted "$file" > ".venv/installed-$file"
    wanted requirements.txt > .venv/installed-requirements.txt  # every other file includes this one
  fi
}
