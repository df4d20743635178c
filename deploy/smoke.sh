#!/usr/bin/env bash
# deploy/smoke.sh https://pantheon.example.com: whether a deployment serves. Waits two minutes for it to be ready.
set -euo pipefail
url=${1:?an address}
for _ in $(seq 60); do
  curl --fail --silent --max-time 5 "$url/readyz" >/dev/null && break
  sleep 2
done
curl --fail --silent --show-error --max-time 5 "$url/readyz" >/dev/null
[ "$(curl --silent --output /dev/null --write-out '%{http_code}' "$url/sign-in")" = 200 ]
[ "$(curl --silent --output /dev/null --write-out '%{http_code}' "$url/api/v1/rooms")" = 401 ]
[ "$(curl --silent --output /dev/null --write-out '%{http_code}' "$url/dev/mailbox")" = 404 ]
case $url in https:*) curl --silent --head "$url/sign-in" | grep -qi '^strict-transport-security:' ;; esac
echo "$url serves."
