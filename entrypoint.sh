#!/bin/sh
# The one way in: make, the container image and a machine with neither start the product through this script.
#
#   ./entrypoint.sh run           a fresh clone to a running server: .venv, .env, database, first admin, web, worker
#   ./entrypoint.sh setup [dev]   only .venv with the locked requirements (dev: with what tests and checks need)
#   ./entrypoint.sh web           the web server alone (gunicorn on BIND_ADDRESS:PORT); migrate first
#   ./entrypoint.sh worker        background jobs alone; any number may run side by side
#   ./entrypoint.sh migrate       bring the database up to date and make the first admin
#   ./entrypoint.sh manage ...    any Django command
#
# PYTHON=python3.12 picks the interpreter that .venv is made with.
set -eu
cd "$(dirname "$0")"
VENV=${VENV:-.venv}
python=$VENV/bin/python

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

usage() {
    sed -n 's/^#   //p' entrypoint.sh
}

# A shell that waits for a program in the foreground leaves it running when it is told to stop: hand the signal on.
step() {
    "$@" &
    child=$!
    trap 'kill -TERM "$child" 2>/dev/null || true; wait "$child" || true; exit 130' HUP INT TERM
    code=0
    wait "$child" || code=$?
    trap - HUP INT TERM
    return "$code"
}

supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        supported "$PYTHON" || fail "PYTHON=$PYTHON is not a working Python 3.11, 3.12 or 3.13."
        base=$PYTHON
        return
    fi
    for base in python3 python3.13 python3.12 python3.11; do
        if supported "$base"; then return; fi
    done
    fail "No Python 3.11, 3.12 or 3.13 found. Install one, or name it: PYTHON=/path/to/python3.12 make run"
}

make_venv() {
    find_python
    echo "Making $VENV with $("$base" --version)"
    if "$base" -c 'import ensurepip, venv' 2>/dev/null; then
        step "$base" -m venv --clear "$VENV"
    elif "$base" -c 'import virtualenv' 2>/dev/null; then
        step "$base" -m virtualenv --quiet --clear "$VENV"
    elif command -v virtualenv >/dev/null; then
        step virtualenv --quiet --clear --python "$base" "$VENV"
    elif command -v uv >/dev/null; then
        step uv venv --quiet --clear --seed --python "$base" "$VENV"
    else
        fail "This Python can't make virtual environments (it lacks ensurepip). Any one of these helps:" \
            "  sudo apt-get install python3-venv      (Debian, Ubuntu)" \
            "  install virtualenv or uv" \
            "  PYTHON=/path/to/another/python3 make run"
    fi
}

other_python() {
    [ -n "${PYTHON:-}" ] && ! "$python" -c "import sys; sys.exit(sys.version != '''$("$PYTHON" -c 'import sys; print(sys.version)')''')"
}

# The lock that was installed last is kept in .venv, so that an unchanged one costs nothing.
setup() {
    lock=requirements${1:+-$1}.txt
    [ -f "$lock" ] || fail "There is no $lock: ./entrypoint.sh setup [dev]"
    if [ -n "${PYTHON:-}" ]; then find_python; fi
    if ! "$python" -c '' 2>/dev/null || other_python; then make_venv; fi
    if cmp -s "$lock" "$VENV/installed-$lock"; then return; fi
    "$python" -m pip --version >/dev/null 2>&1 || make_venv
    echo "Installing $lock into $VENV (only when it has changed; a minute or two)"
    step "$python" -m pip install --quiet --disable-pip-version-check --requirement "$lock" ||
        fail "The installation failed: see above. Run the same command again once that is mended."
    cp requirements.txt "$VENV/installed-requirements.txt"
    cp "$lock" "$VENV/installed-$lock"
}

# A random SECRET_KEY of this installation's own, readable by its user alone, whole or not at all.
write_dotenv() {
    [ -n "${SECRET_KEY:-}" ] || unset SECRET_KEY # set but empty, it would hide the one in .env
    if [ -n "${SECRET_KEY:-}" ] || grep -Eqs '^(export +)?SECRET_KEY=.' .env; then return; fi
    (
        umask 077
        fresh=$(mktemp "$VENV/dotenv.XXXXXX")
        if [ -f .env ]; then grep -Ev '^(export +)?SECRET_KEY=' .env >"$fresh" || true; fi
        "$python" -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50))' >>"$fresh"
        mv "$fresh" .env
    )
    echo "Wrote a random SECRET_KEY to .env (.env.example lists all that can be set there)"
}

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
run)
    setup
    write_dotenv
    exec "$python" -m config.serve
    ;;
setup)
    setup "$@"
    ;;
web)
    step "$python" manage.py prepare --only static
    exec "$python" -m gunicorn --config python:config.gunicorn config.wsgi:application
    ;;
worker)
    exec "$python" manage.py worker "$@"
    ;;
migrate)
    exec "$python" manage.py prepare --only database
    ;;
manage)
    exec "$python" manage.py "$@"
    ;;
help | -h | --help)
    usage
    ;;
*)
    echo "There is no command '$command'. There are:" >&2
    usage >&2
    exit 2
    ;;
esac
