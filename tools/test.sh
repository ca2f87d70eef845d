#!/bin/sh
# npm test: tools and dependencies, then every suite. `--long` runs the long variants.
set -u
GUTS_ROOT=$(CDPATH='' cd -P "$(dirname "$0")/.." && pwd) || exit 1
. "$GUTS_ROOT/tools/setup.sh"
guts_check_tools && guts_setup || exit 1
cd "$GUTS_ROOT" || exit 1
exec "$GUTS_NODE" tools/test.ts "$@"
