#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Starts a simulator for every scenario that has a simulator.yml, and returns when all can be reached:
#   start.sh SIMULATOR SCENARIOS FOLDER
# FOLDER/SCENARIO gets the files of each: lab.json, known_hosts, the control socket. All of them live as long as the process
# in FOLDER/keeper, because it holds the other end of their standard input. It ends when it is told to, and
#   under "molecule test": when that Molecule ends, be it killed;
#   otherwise: after four hours. "molecule create" ends at once, and its simulators are meant to be there for the next command.
set -eu
simulator=$1 scenarios=$2 folder=$3

# -ww: the end counts, however wide COLUMNS says that a line is.
arguments() { ps -ww -o args= -p "$1" 2>/dev/null || tr '\0' ' ' <"/proc/$1/cmdline"; }
parent() { ps -o ppid= -p "$1" 2>/dev/null || sed -n 's/^PPid:[[:space:]]*//p' "/proc/$1/status"; }

molecule_test() {
    process=$$
    while [ "${process:-0}" -gt 1 ]; do
        case " $(arguments "$process") " in
        *[/\ ]molecule\ test\ * | *[/\ ]molecule\ -*\ test\ *) echo "$process" && return ;;
        esac
        process=$(parent "$process" | tr -d ' ')
    done
}

keep() {
    trap 'rest=0' TERM
    exec 3>"$folder/alive"
    while [ "$rest" -gt 0 ] && { [ -z "$master" ] || kill -0 "$master" 2>/dev/null; }; do
        children=$([ -z "$master" ] || pgrep -P "$master" || true)
        sleep 1
        rest=$((rest - 1))
    done
    # An ansible-playbook whose Molecule was killed waits for ever.
    [ -z "$master" ] || kill -0 "$master" 2>/dev/null || kill $children 2>/dev/null || true
    exec 3>&-
    wait
    # Whoever was killed could not: without this Molecule would believe that they still run.
    rm -rf "$folder" ${MOLECULE_STATE_FILE:+"$MOLECULE_STATE_FILE"}
}

mkfifo "$folder/alive"
master=$(molecule_test) rest=14400 children=
(
    for file in "$scenarios"/*/simulator.yml; do
        name=$(basename "$(dirname "$file")")
        mkdir "$folder/$name"
        "$simulator" -until-eof -f "$file" -state-dir "$folder/$name" <"$folder/alive" >"$folder/$name/log" 2>&1 &
    done
    keep
) </dev/null >"$folder/log" 2>&1 &
echo $! >"$folder/keeper"

# vchassis-sim writes its description to standard output when everything else is there.
for file in "$scenarios"/*/simulator.yml; do
    name=$(basename "$(dirname "$file")") tries=600
    log=$folder/$name/log
    until grep -q '^}' "$log" 2>/dev/null; do
        tries=$((tries - 1))
        if [ $tries -eq 0 ] || { grep -q '^vchassis-sim:' "$log" 2>/dev/null; }; then
            cat "$log" >&2
            kill "$(cat "$folder/keeper")"
            exit 1
        fi
        sleep 0.1
    done
done
