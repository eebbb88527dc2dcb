#!/usr/bin/env bash
# Ten times as much as the sink takes: once the oldest may go and are told, once the source has to wait.
#   tests/soak/overload.sh [--seconds N]
# N: how long, each time (default 300). Prints memory, what was delivered and what was told as gone; the exit code is 0 when
# memory stayed in its limit and nothing was gone untold.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=300
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
done
eval "$(tests/run.sh peers | tail -1)"
export QIAO_OVERLOAD_SECONDS=$seconds
exec cargo test --locked --test all -- --ignored --exact --nocapture integration::outage::overloaded_ten_times_for_five_minutes
