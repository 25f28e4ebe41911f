#!/usr/bin/env bash
# A whole CI job without root: no hosts edit, no privileged port, trust in the job's own home.
#   test/ci-job/job.sh TARBALL PROJECT [arguments for playwright test]
# PROJECT is a directory with Playwright's configuration and specs; JOB_CHROMIUM may name a browser of the machine.
set -euo pipefail
tarball=$(realpath "$1")
cd "$2"
shift 2

[ -f package.json ] || npm init --yes >/dev/null
npm install --save-dev --prefer-offline --no-audit --no-fund --loglevel=error "$tarball" @playwright/test
npx jwt-dev init --yes
npx jwt-dev trust --store chromium

started=$(date +%s%3N)
status=0
npx jwt-dev up --rootless -- npx playwright test "$@" || status=$?
echo "up and tests: $(($(date +%s%3N) - started)) ms"
exit "$status"
