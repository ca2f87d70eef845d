# Shell functions that get a checkout ready to run. Sourced by ../guts, start.sh and test.sh; POSIX sh, no bashisms.
# Everything goes to standard error, so that a command's own output stays clean.
#
# The caller sets GUTS_ROOT to the checkout. `guts_setup` then sets GUTS_NODE to a Node.js >= 24 that runs the sources.

GUTS_NODE_MIN=20.19.0      # runs npm; the sources themselves run on the Node.js 24 that the lock file brings
GUTS_NODE_RUNTIME_MIN=24.0.0
GUTS_GIT_MIN=2.39.0

guts_say() { printf '%s\n' "$*" >&2; }

# Whether version $1 is at least $2; both are dotted numbers.
guts_version_at_least() {
  awk -v have="$1" -v want="$2" 'BEGIN {
    split(have, h, "."); split(want, w, ".")
    for (i = 1; i <= 3; i++) if (h[i] + 0 != w[i] + 0) exit (h[i] + 0 < w[i] + 0)
  }'
}

guts_version_of() { "$@" 2>/dev/null | sed -n '1s/^[^0-9]*\([0-9][0-9.]*\).*/\1/p'; }

# Where the lock file brings no Node.js of its own, the system's must be new enough to run the sources.
guts_node_min() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64 | Linux-aarch64 | Linux-arm64)
      if ls /lib/ld-musl-* >/dev/null 2>&1; then echo "$GUTS_NODE_RUNTIME_MIN"; else echo "$GUTS_NODE_MIN"; fi ;;
    *) echo "$GUTS_NODE_RUNTIME_MIN" ;;
  esac
}

# Adds a line to GUTS_MISSING unless tool $1 answers `--version` with at least $2; $3 says how to get it.
guts_need() {
  if ! command -v "$1" >/dev/null 2>&1; then
    GUTS_MISSING="$GUTS_MISSING
  $1 is missing. $3"
  elif ! guts_version_at_least "$(guts_version_of "$1" --version)" "$2"; then
    GUTS_MISSING="$GUTS_MISSING
  $1 $(guts_version_of "$1" --version) is too old, $2 or newer is needed. $3"
  fi
}

# Names every missing tool at once, with how to get it.
guts_check_tools() {
  GUTS_MISSING=
  how_git="Get it with your package manager, for example: apt-get install git"
  [ "$(uname -s)" != Darwin ] || how_git="Get it with: xcode-select --install"
  guts_need node "$(guts_node_min)" "Get it from https://nodejs.org/en/download (version 24 is best)."
  guts_need npm 10.0.0 "It comes with Node.js: https://nodejs.org/en/download"
  guts_need git "$GUTS_GIT_MIN" "$how_git"
  [ -n "$GUTS_MISSING" ] || return 0
  guts_say "Guts needs tools that this machine does not have:$GUTS_MISSING"
  return 1
}

# What an installation depends on: the lock file and the platform.
guts_stamp() { cksum <"$GUTS_ROOT/package-lock.json"; uname -sm; }

guts_is_installed() {
  [ -f "$GUTS_ROOT/node_modules/.guts-installed" ] &&
    [ "$(cat "$GUTS_ROOT/node_modules/.guts-installed")" = "$(guts_stamp)" ]
}

# Runs "$@" with its output in log file $2 and one line of progress titled $1.
guts_run_with_progress() {
  title=$1 log=$2
  shift 2
  started=$(date +%s)
  [ -t 2 ] || guts_say "$title ..."
  "$@" >"$log" 2>&1 </dev/null &
  child=$!
  trap 'kill "$child" 2>/dev/null; exit 130' INT TERM
  while [ -t 2 ] && kill -0 "$child" 2>/dev/null; do
    printf '\r%s ... %s s ' "$title" "$(($(date +%s) - started))" >&2
    sleep 1
  done
  status=0
  wait "$child" || status=$?
  trap - INT TERM
  [ ! -t 2 ] || printf '\r' >&2
  if [ "$status" -eq 0 ]; then
    guts_say "$title: done in $(($(date +%s) - started)) s"
  else
    guts_say "$title: failed. The last lines of $log:"
    tail -n 30 "$log" >&2
  fi
  return "$status"
}

# Installs what the lock file says, unless that is what is there. Two callers at once: the second waits for the first.
guts_install() {
  guts_is_installed && return 0
  mkdir -p "$GUTS_ROOT/.cache"
  lock=$GUTS_ROOT/.cache/install.lock
  until mkdir "$lock" 2>/dev/null; do
    holder=$(cat "$lock/pid" 2>/dev/null || sleep 1)
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then rm -rf "$lock"; else sleep 1; fi
  done
  echo $$ >"$lock/pid"
  status=0
  if ! guts_is_installed; then
    # A closing terminal must not leave the lock behind with a half-made node_modules and a matching stamp.
    rm -f "$GUTS_ROOT/node_modules/.guts-installed"
    (cd "$GUTS_ROOT" && guts_run_with_progress "Installing dependencies" "$GUTS_ROOT/.cache/install.log" npm ci) &&
      guts_stamp >"$GUTS_ROOT/node_modules/.guts-installed" || status=1
  fi
  rm -rf "$lock"
  return "$status"
}

# Sets GUTS_NODE: the Node.js of the lock file, else the system's when it is new enough.
guts_find_node() {
  GUTS_NODE=$GUTS_ROOT/node_modules/.bin/node
  [ -x "$GUTS_NODE" ] && return 0
  GUTS_NODE=$(command -v node) && guts_version_at_least "$(guts_version_of node --version)" "$GUTS_NODE_RUNTIME_MIN" && return 0
  guts_say "Node.js 24 did not arrive with the dependencies, and the system has $(node --version 2>/dev/null || echo none)." \
    "Get it from https://nodejs.org/en/download"
  return 1
}

# Ready to run: tools present, dependencies installed, GUTS_NODE set. Does nothing twice.
guts_setup() {
  guts_is_installed || { guts_check_tools && guts_install; } || return 1
  guts_find_node
}

# Bundles the command line again when a source is newer than the bundle.
guts_build_cli() {
  bundle=$GUTS_ROOT/apps/cli/dist/guts.mjs
  if [ -f "$bundle" ]; then
    newer=$(find "$GUTS_ROOT/apps/cli" "$GUTS_ROOT"/libs/*/src -name dist -prune -o -type f -newer "$bundle" -print 2>/dev/null | head -n 1)
    [ -n "$newer" ] || return 0
  fi
  mkdir -p "$GUTS_ROOT/.cache"
  (cd "$GUTS_ROOT/apps/cli" && "$GUTS_NODE" ../../node_modules/rolldown/bin/cli.mjs -c) >"$GUTS_ROOT/.cache/cli-build.log" 2>&1 && return 0
  guts_say "Building the guts command failed:"
  tail -n 30 "$GUTS_ROOT/.cache/cli-build.log" >&2
  return 1
}
