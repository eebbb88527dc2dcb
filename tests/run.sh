#!/usr/bin/env bash
# Everything that must hold: format, lints, documents, all tests, with real peers.
# Installs what is missing: Debian packages (as root or with sudo), the Python and Node peers below target/peers.
#   tests/run.sh            all of it
#   tests/run.sh peers      only installs the peers and prints the variables that name them
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
  local missing=()
  command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] || missing+=(mosquitto)
  command -v mosquitto_sub >/dev/null || missing+=(mosquitto-clients)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  command -v cc >/dev/null || missing+=(gcc libc6-dev)
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
  docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null || missing+=(docker-compose)
  if [ ${#missing[@]} -gt 0 ]; then
    step "installing ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
  fi
}

# A peer folder carries the checksum of what it was made from, so that it is made again only when that changes.
up_to_date() { [ -f "$1/made-from" ] && [ "$(cat "$1/made-from")" = "$2" ]; }

install_python() {
  local want
  want=$(sha256sum "$2")
  if ! up_to_date "$1" "$want"; then
    step "Python, $2"
    rm -rf "$1"
    python3 -m venv "$1"
    "$1/bin/pip" install --quiet --disable-pip-version-check -r "$2"
    printf '%s' "$want" > "$1/made-from"
  fi
}

install_peers() {
  local peers=$PWD/target/peers want
  mkdir -p "$peers"

  install_python "$peers/python" tests/peers/requirements.txt
  install_python "$peers/oracles" tests/peers/oracles.txt

  want=$(sha256sum tests/peers/package-lock.json)
  if ! up_to_date "$peers/node" "$want"; then
    step "Node peers"
    rm -rf "$peers/node"
    mkdir -p "$peers/node"
    cp tests/peers/package.json tests/peers/package-lock.json tests/peers/.npmrc "$peers/node/"
    (cd "$peers/node" && npm ci --ignore-scripts --loglevel=error)
    printf '%s' "$want" > "$peers/node/made-from"
  fi

  export QIAO_PEERS_PYTHON=$peers/python/bin/python QIAO_PEERS_NODE=$peers/node/node_modules
  export QIAO_PEERS_ORACLES=$peers/oracles/bin/python
  export PATH=$PATH:/usr/sbin
}

# Every test that the page of the fault matrix names ran and passed: the page says "holds" of its row.
fault_matrix() {
  local tests test number is_shown=true
  tests=$(grep -o '"row_[0-9a-z_]*"' docs/reference/fault-matrix.md | tr -d '"')
  for test in $tests; do
    if ! grep -qE "^test (.*::)?$test \.\.\. ok" "$1"; then
      number=${test#row_}
      echo "row ${number%%_*} of the fault matrix is not shown: $test did not run and pass" >&2
      is_shown=false
    fi
  done
  $is_shown
  echo "$(wc -w <<< "$tests") tests hold the rows of the fault matrix"
}

install_packages
install_peers
if [ "${1:-}" = peers ]; then
  printf 'export QIAO_PEERS_PYTHON=%s QIAO_PEERS_NODE=%s QIAO_PEERS_ORACLES=%s\n' \
    "$QIAO_PEERS_PYTHON" "$QIAO_PEERS_NODE" "$QIAO_PEERS_ORACLES"
  exit 0
fi

step "format"
cargo fmt --check
step "tests"
output=target/tests.txt
cargo test --locked --lib --bins --tests | tee "$output"
step "fault matrix"
fault_matrix "$output"
step "documentation tests"
cargo test --locked --doc
step "containers"
tests/compose.sh
step "lints"
cargo clippy --locked --all-targets -- -D warnings
step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --lib --quiet
step "all good"
