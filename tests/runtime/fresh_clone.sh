#!/usr/bin/env bash
# A fresh clone in a path with spaces, with neither node nor PostgreSQL in PATH: `make up` cold, twice, warm and stopped.
# Usage: tests/runtime/fresh_clone.sh [--user NAME] [SOURCE]; prints "cold 63.1 s", "warm 2.4 s", "gone 0.6 s".
# With --user (as root) the clone belongs to an ordinary user, who runs it with the system's python3.
set -euo pipefail

user=""
if [ "${1:-}" = --user ]; then user=$2; shift 2; fi
source=$(cd "${1:-$(dirname "$0")/../..}" && pwd)
place=$(mktemp -d "/tmp/ronghe fresh clone.XXXXXX")
chmod 755 "$place"
port=${RONGHE_PORT:-8741}
log="$place/up.log"
up_pid=""

finish() {
  if [ -n "$up_pid" ]; then kill -TERM -- "-$up_pid" 2>/dev/null || true; fi
  data="$place/clone/var"
  if [ -f "$data/cluster" ]; then rm -rf "/var/lib/ronghe/$(cat "$data/cluster")"; fi
  rm -rf "$place"
}
trap finish EXIT

mkdir "$place/bin"
for tool in sh bash make env sed touch git rm useradd cat ls id uname; do
  found=$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v "$tool" || true)
  if [ -n "$found" ]; then ln -s "$found" "$place/bin/$tool"; fi
done
home=$HOME; if [ -n "$user" ]; then home=/nonexistent; fi
# An ordinary user needs a Python that is not in root's own folders.
if [ -n "$user" ]; then python=/usr/bin/python3; else python=$(python3 -c "import sys; print(sys.executable)"); fi
ln -s "$python" "$place/bin/python3"
if [ -n "$user" ]; then
  id "$user" >/dev/null 2>&1 || useradd --system --no-create-home "$user"
fi

git clone -q "$source" "$place/clone"
if [ -n "$user" ]; then chown -R "$user" "$place/clone"; fi

as=(env)
if [ -n "$user" ]; then as=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env); fi
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f s", b - a }'; }
begin() {
  : >"$log"
  cd "$place/clone"
  "${as[@]}" -u RONGHE_DATA -u DATABASE_URL -u DATABASE_OWNER_URL -u VIRTUAL_ENV HOME="$home" \
    PATH="$place/bin" RONGHE_PORT="$port" "$(command -v setsid)" make up >>"$log" 2>&1 &
  up_pid=$!
}
until_ready() {
  until grep -q '^Ronghe is ready: http://127.0.0.1:' "$log"; do
    kill -0 "$up_pid" 2>/dev/null || { echo "make up ended:" >&2; cat "$log" >&2; exit 1; }
    sleep 0.05
  done
}

started=$(now); begin; until_ready; echo "cold $(since "$started")"
test "$("${as[@]}" PATH="$place/bin" HOME="$home" RONGHE_PORT="$port" make -s up)" = "Ronghe is ready: http://127.0.0.1:$port"
echo "a second make up prints the address"
curl -sN "http://127.0.0.1:$port/events/health" >/dev/null & stream=$!
pressed=$(now)
kill -INT -- "-$up_pid"
while kill -0 -- "-$up_pid" 2>/dev/null || pgrep -f "$place/clone" >/dev/null; do
  if awk -v a="$pressed" -v b="$(now)" 'BEGIN { exit !(b - a > 5) }'; then echo "still there after 5 s" >&2; exit 1; fi
  sleep 0.05
done
echo "gone $(since "$pressed")"
wait "$stream" || true
started=$(now); begin; until_ready; echo "warm $(since "$started")"
