# shellcheck shell=bash
# What every script needs: where things are, which versions are pinned, and how to speak. Sourced, never run.
# shellcheck disable=SC2034 # the scripts that source this use the variables
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$ROOT"

# A shell that was open while rustup was installed does not have this on its PATH yet.
case ":$PATH:" in *":${CARGO_HOME:-$HOME/.cargo}/bin:"*) ;; *) PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH" ;; esac

# Later versions of cargo-leptos refuse the pinned compiler.
CARGO_LEPTOS_VERSION=0.3.10
RUST_VERSION=$(sed -n 's/^channel *= *"\(.*\)"/\1/p' rust-toolchain.toml)
# The generated JavaScript only fits the crate of exactly the same version.
WASM_BINDGEN_VERSION=$(sed -n 's/^wasm-bindgen *= *"=\([^"]*\)".*/\1/p' Cargo.toml)

TARGET_DIR="${CARGO_TARGET_DIR:-target}"
case $TARGET_DIR in /*) ;; *) TARGET_DIR="$ROOT/$TARGET_DIR" ;; esac
# cargo-leptos empties the site's folder at each build, so the release has its own and a debug build never touches it.
RELEASE_SITE=target/site-release
RELEASE_BIN="$TARGET_DIR/release/togglebit"
TOOLS_DIR="${XDG_CACHE_HOME:-$HOME/.cache}/togglebit"
SCHEMATHESIS_DIR="$TARGET_DIR/schemathesis"
OPENFEATURE_DIR="$TARGET_DIR/openfeature"

export TOGGLEBIT_ADDR="${TOGGLEBIT_ADDR:-127.0.0.1:3000}"

say() { printf '%s\n' "$*"; }
die() {
  printf 'togglebit: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root where that is possible without asking for a password.
can_be_root() { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# Installs what is written in Python, with a Python of its own: ensure_python NAME REQUIREMENTS FOLDER. In CI it must not be
# skipped, so there Python is installed too.
can_make_python() { python3 -c 'import ensurepip, venv' 2>/dev/null; }
ensure_python() {
  local name=$1 wanted=$2 dir=$3
  if cmp -s "$wanted" "$dir/installed.txt"; then return; fi
  if ! can_make_python && [ "${CI:-}" = true ] && have apt-get && can_be_root; then
    say "Installing Python, which $name needs"
    {
      as_root apt-get update -q &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends python3 python3-venv
    } >/dev/null || true
  fi
  can_make_python || die "python3 with its module venv was not found: install it (on Debian and Ubuntu: sudo apt-get install python3-venv)."
  say "Installing $name"
  rm -rf "$dir"
  python3 -m venv "$dir"
  "$dir/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$wanted" ||
    die "$name could not be installed: see pip's message above."
  cp "$wanted" "$dir/installed.txt"
}

# Installs the npm packages of a folder, unless they are those of its lock file: ensure_npm FOLDER WHAT
ensure_npm() {
  local folder=$1 what=$2
  if cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json"; then return; fi
  say "Installing $what"
  (
    cd "$folder"
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error
  ) || die "npm ci failed in $folder: see its message above."
  cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json"
}
