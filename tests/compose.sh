#!/usr/bin/env bash
# docker-compose.yml: what the compose tool thinks of it, and, where an engine runs, whether data flow.
#   tests/compose.sh            the compose tool reads it; then up, a message from the machine at the broker, down
#   tests/compose.sh --no-build the same with images that are there
set -euo pipefail
cd "$(dirname "$0")/.."

if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
compose+=(--project-name qiao-test --file docker-compose.yml)

"${compose[@]}" config --quiet
if ! docker info >/dev/null 2>&1; then
  echo "docker-compose.yml is well-formed; no container engine runs here, so it is not brought up"
  exit 0
fi

trap '"${compose[@]}" down --volumes --timeout 20 >/dev/null 2>&1' EXIT
"${compose[@]}" up --detach "${1:---build}"
# Retained: it waits for a subscriber, and the subscriber for it.
if ! mosquitto_sub -h 127.0.0.1 -p 1883 -t 'umati/v2/compose/#' -C 1 -W 120 | grep -q '"Identification"'; then
  "${compose[@]}" logs
  exit 1
fi
"${compose[@]}" exec -T gateway qiao status -c /etc/qiao/qiao.yaml
