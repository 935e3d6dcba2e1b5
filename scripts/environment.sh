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

# ensure_environment FILE: the stamp names Python and the wanted packages, so a second call needs no network.
ensure_environment() {
  local file=$1 python wanted stamp
  if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    echo "Creating .venv with $("$python" --version) ..."
    "$python" -m venv .venv
  fi
  wanted=$(cat requirements.txt "$file" pyproject.toml; .venv/bin/python --version; pwd)
  stamp=.venv/installed-$(basename "$file")
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "Installing what $file names ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$file"
    echo "$wanted" > "$stamp"
  fi
}
