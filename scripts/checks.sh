# shellcheck shell=bash
# The steps that check the code, each a function, so that `make check`, `make unit` and `make test` cannot differ. Sourced.

# bench/peers is a workspace of its own.
check_format() { cargo fmt --all --check && cargo fmt --manifest-path bench/peers/Cargo.toml --check; }

# Assigned before it is used: a list that could not be read must end the step, not shorten it.
# shellcheck disable=SC2086 # the list is meant to be split
with_packages() {
  local list
  list=$(scripts/packages ${1:+"$1"})
  cargo "$2" $list "${@:3}"
}

check_clippy_native() { with_packages "" clippy --all-targets -- -D warnings; }

# In the folder where cargo-leptos builds it, to share what was compiled.
check_clippy_wasm() {
  cargo clippy -p frontend --target wasm32-unknown-unknown --target-dir "$TARGET_DIR/front" --no-default-features -- -D warnings
}

check_unit() { with_packages "" test --all-targets; }

# The engine's documentation is read by who implements it elsewhere: its links must lead somewhere.
check_doc() {
  with_packages --lib test --doc
  RUSTDOCFLAGS="-D warnings" cargo doc --no-deps -p engine --features eval
}
