#!/bin/sh
# npm start: tools, dependencies, builds, then a local network in the foreground. Options go to `guts devnet`.
set -u
GUTS_ROOT=$(CDPATH='' cd -P "$(dirname "$0")/.." && pwd) || exit 1
. "$GUTS_ROOT/tools/setup.sh"
guts_check_tools && guts_setup || exit 1
cd "$GUTS_ROOT" || exit 1
"$GUTS_NODE" tools/build.ts || exit 1
NODE_COMPILE_CACHE=$GUTS_ROOT/.cache/compile # For every program of the network, from its first line on.
export NODE_COMPILE_CACHE
exec "$GUTS_NODE" apps/node/src/main.ts devnet --welcome --data .guts "$@"
