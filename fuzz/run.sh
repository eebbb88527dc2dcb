#!/usr/bin/env bash
# Runs the fuzz targets one after the other, with the lowest priority. Needs a C++ compiler, no nightly toolchain.
#   fuzz/run.sh 300                     five minutes each
#   fuzz/run.sh 3600 segment cursor     an hour each of these
#   fuzz/run.sh build                   only builds them
#   fuzz/run.sh keep                    takes what was found new into fuzz/corpus, as little as covers the same
# An input may take two minutes: the clock goes on while others have the processor.
# What a run finds grows in target/fuzz/corpus; what fails lies in target/fuzz/artifacts; a line a run in target/fuzz/runs.
set -euo pipefail
cd "$(dirname "$0")/.."

targets=(segment cursor notification topic configuration profile)
host=$(rustc -vV | sed -n 's/^host: //p')
out=target/fuzz
programs=${QIAO_FUZZ_PROGRAMS:-$out/$host/debug}

build() {
  # What cargo-fuzz would set. These are options of LLVM that the stable compiler passes on.
  RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0" \
    nice -n 19 cargo build --locked --manifest-path fuzz/Cargo.toml --target-dir "$out" --target "$host" --bins
}

# No input is longer than this: small ones are tried more often, and the corpus stays small.
longest() {
  case $1 in
    topic) echo 512 ;;
    segment | notification) echo 2048 ;;
    profile) echo 8192 ;;
    *) echo 4096 ;;
  esac
}

run() {
  local target=$1 seconds=$2
  local kept=fuzz/corpus/$target grown=$out/corpus/$target log=$out/$target.log
  mkdir -p "$kept" "$grown" "$out/artifacts/$target"
  local verdict=good
  nice -n 19 "$programs/$target" "$grown" "$kept" -max_total_time="$seconds" -max_len="$(longest "$target")" \
    -timeout=120 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$out/artifacts/$target/" >"$log" 2>&1 || verdict=FAILED
  local done
  done=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  echo "$(date -u +%FT%TZ) $target ${seconds}s ${done:-?} executions $verdict" | tee -a "$out/runs"
}

# As few inputs as reach every edge that is reached; those that failed once (`failed-…`) stay in any case.
keep() {
  local target=$1
  local kept=fuzz/corpus/$target grown=$out/corpus/$target small
  small=$(mktemp -d)
  nice -n 19 "$programs/$target" -set_cover_merge=1 -use_counters=0 -max_len="$(longest "$target")" "$small" "$grown" "$kept" \
    >"$out/$target.log" 2>&1
  find "$kept" -type f ! -name 'failed-*' -delete
  cp "$small"/* "$kept"/
  rm -rf "$small"
  echo "$target: $(find "$kept" -type f | wc -l) inputs, $(du -sk "$kept" | cut -f1) kB"
}

case ${1:-} in
  build) build ;;
  keep)
    for target in "${@:2}"; do keep "$target"; done
    [ $# -gt 1 ] || for target in "${targets[@]}"; do keep "$target"; done
    ;;
  '' | *[!0-9]*)
    sed -n '2,8s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
  *)
    build
    seconds=$1
    shift
    [ $# -gt 0 ] && targets=("$@")
    for target in "${targets[@]}"; do run "$target" "$seconds"; done
    ;;
esac
