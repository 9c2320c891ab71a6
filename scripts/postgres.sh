# Sourced by scripts/test after scripts/packages.sh: a PostgreSQL of its own for tests, gone when the script ends.

# start_postgres: exports FILMPRESS_TEST_POSTGRES, the URL of a server where tests may make databases. One that is set
# already is used as it is. The caller's EXIT trap calls stop_postgres.
start_postgres() {
    [ -n "${FILMPRESS_TEST_POSTGRES:-}" ] && return 0
    local programs
    programs=$(postgres_programs)
    if [ -z "$programs" ]; then
        need_packages initdb:postgresql || return 1
        programs=$(postgres_programs)
    fi
    if [ -z "$programs" ]; then
        echo "PostgreSQL's programs are not under /usr/lib/postgresql" >&2
        return 1
    fi
    postgres_folder=$(mktemp -d "${TMPDIR:-/tmp}/filmpress-postgres.XXXXXX") || return 1
    postgres_run=()
    if [ "$(id -u)" -eq 0 ]; then
        # PostgreSQL does not run as root.
        local user=postgres
        id "$user" >/dev/null 2>&1 || user=nobody
        chown "$user" "$postgres_folder" && chmod 755 "$postgres_folder"
        postgres_run=(runuser -u "$user" --)
    fi
    postgres_ctl=$programs/pg_ctl
    local log=$postgres_folder/log
    # A socket in the folder, no port: nobody else can meet it, and two runs do not get in each other's way.
    if ! (cd "$postgres_folder" &&
        "${postgres_run[@]}" "$programs/initdb" -D data -U postgres -A trust -E UTF8 --locale=C >"$log" 2>&1 &&
        "${postgres_run[@]}" "$postgres_ctl" -D data -w -l server.log \
            -o "-c listen_addresses='' -c unix_socket_directories='$postgres_folder' -c max_connections=400" \
            start >>"$log" 2>&1); then
        cat "$log" >&2
        stop_postgres
        return 1
    fi
    export FILMPRESS_TEST_POSTGRES="postgres://postgres@localhost/postgres?host=$postgres_folder"
}

stop_postgres() {
    [ -n "${postgres_folder:-}" ] || return 0
    (cd "$postgres_folder" && "${postgres_run[@]}" "$postgres_ctl" -D data -m immediate -w stop >/dev/null 2>&1)
    rm -rf "$postgres_folder"
    unset postgres_folder FILMPRESS_TEST_POSTGRES
}

# The newest installed version's folder of programs; nothing if there is none.
postgres_programs() {
    local folder
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -Vr); do
        if [ -x "$folder/initdb" ]; then
            echo "$folder"
            return
        fi
    done
}
