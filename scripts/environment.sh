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
  cat requirements.txt constraints.txt "$1" pyproject.toml
  .venv/bin/python --version
  pwd
}

is_installed() {
  [ "$(cat ".venv/installed-$1" 2>/dev/null)" = "$(wanted "$1")" ]
}

# PyTorch's default build for Linux brings 2.5 GB of CUDA libraries, which a machine without an NVIDIA GPU cannot use.
TORCH_INDEX=${TORCH_INDEX:-https://download.pytorch.org/whl/cpu}

wants_cpu_build() {
  [ "$(uname -s)" = Linux ] && ! nvidia-smi >/dev/null 2>&1 && ! .venv/bin/python -c 'import torch' 2>/dev/null
}

torch_index_answers() {
  .venv/bin/python -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=3)' \
    "$TORCH_INDEX/torch/" 2>/dev/null
}

# Take PyTorch alone from its CPU index; whatever goes wrong, the requirements bring it from where everything else is.
install_cpu_torch() {
  wants_cpu_build && torch_index_answers || return 0
  echo "Installing PyTorch's CPU build ..."
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --index-url "$TORCH_INDEX" \
    "$(grep '^torch==' requirements.txt)" || echo "That failed; the default build is taken."
}

ensure_python() {
  local python
  if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    echo "Creating .venv with $("$python" --version) ..."
    "$python" -m venv .venv
  fi
}

# ensure_environment FILE: a stamp says what is installed, so a second call needs no network. What the packages need
# themselves comes in the versions of constraints.txt, which scripts/update-constraints writes.
ensure_environment() {
  local file=$1
  ensure_python
  if ! is_installed "$file"; then
    install_cpu_torch
    echo "Installing what $file names ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$file" -c constraints.txt
    wanted "$file" > ".venv/installed-$file"
    wanted requirements.txt > .venv/installed-requirements.txt  # every other file includes this one
  fi
}
