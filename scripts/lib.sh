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
