#!/usr/bin/env bash
# What the tests need from the machine beside Python and Node: Chromium, PostgreSQL's server programs, poppler.
set -euo pipefail
need=()
[ -x /usr/bin/chromium ] || need+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || need+=(postgresql)
command -v pdfsig > /dev/null || need+=(poppler-utils)
[ ${#need[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${need[@]}" > /dev/null
else
  echo "The tests need: ${need[*]}. Install them with your system's package manager, then run make test again." >&2
  exit 1
fi
