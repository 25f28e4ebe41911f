#!/usr/bin/env bash
# The same job where the machine may be changed: hosts entries, port 443, no proxy. The changes stay in namespaces of
# its own, so that it can be tried anywhere.
#   test/ci-job/job-root.sh TARBALL PROJECT [arguments for playwright test]
set -euo pipefail
tarball=$(realpath "$1")
cd "$2"
shift 2

[ -f package.json ] || npm init --yes >/dev/null
npm install --save-dev --prefer-offline --no-audit --no-fund --loglevel=error "$tarball" @playwright/test
cp /etc/hosts hosts

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(--map-root-user)
exec unshare --net --mount "${as_root[@]}" bash -euo pipefail -c '
  ip link set lo up
  mount --bind hosts /etc/hosts
  npx jwt-dev init --yes
  npx jwt-dev hosts --apply --file /etc/hosts
  npx jwt-dev hosts --check --file /etc/hosts
  npx jwt-dev trust --store chromium
  npx jwt-dev up --strict-port -- npx playwright test "$@"
  npx jwt-dev hosts --remove --file /etc/hosts
' job "$@"
