#!/usr/bin/env bash
# A broker is away while a shift of data comes: 8 hours at 1,000 values a second, in messages of 1,000, as fast as they are
# taken; then it is back, and new ones come in beside. Once in order, once live first.
#   tests/soak/outage.sh [--messages N]
# N: messages of 1,000 values (default 28800, some ten minutes and 1 GB of disk). Prints memory, disk, rate of the drain and
# what was lost; the exit code is 0 when memory stayed flat and everything was delivered.
set -euo pipefail
cd "$(dirname "$0")/../.."

messages=28800
while [ $# -gt 0 ]; do
  case $1 in
    --messages) messages=$2; shift 2 ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
done
eval "$(tests/run.sh peers | tail -1)"
export QIAO_OUTAGE_MESSAGES=$messages
exec cargo test --locked --test all -- --ignored --exact --nocapture integration::outage::a_broker_is_away_for_a_whole_shift
