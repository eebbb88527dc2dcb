#!/usr/bin/env bash
# Kills a gateway again and again (kill -9), beside node-opcua and asyncua in turns and a mosquitto, and keeps the account.
#   tests/soak/kills.sh [--count N] [--state FILE]
# N: kills in all (default 10000, some hours). FILE: the account (default target/kills.json); a run that was stopped goes
# on with it. The last lines are the ledger; the exit code is 0 when nothing was lost in silence and nothing was wrong.
set -euo pipefail
cd "$(dirname "$0")/../.."

count=10000
state=target/kills.json
while [ $# -gt 0 ]; do
  case $1 in
    --count) count=$2; shift 2 ;;
    --state) state=$2; shift 2 ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
done
mkdir -p "$(dirname "$state")"
eval "$(tests/run.sh peers | tail -1)"
export QIAO_KILLS_COUNT=$count QIAO_KILLS_STATE=$state
exec cargo test --locked --test all -- --ignored --exact --nocapture integration::kills::as_many_kills_as_asked_for
