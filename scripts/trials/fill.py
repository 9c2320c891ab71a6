#!/usr/bin/env python3
"""Fills the tables of a stopped server: fill.py DATABASE ROWS

DATABASE is an SQLite file or a postgres:// address. The rows are copies of a job that waits there: nine of ten as it would
be had it been drawn and its webhook delivered, the tenth still waiting. Written with SQL, since a million jobs through the
API and a worker would take a day.
"""

import sqlite3
import subprocess
import sys

database, rows = sys.argv[1], int(sys.argv[2])
is_postgres = database.startswith("postgres")


def padded(text):
    """SQL: a number as an id, 26 characters of what ULIDs have, older than any."""
    return f"'0000' || lpad(cast({text} as text), 22, '0')" if is_postgres else f"printf('0000%022d', {text})"


def columns(connection, table):
    if is_postgres:
        names = query(f"select column_name from information_schema.columns where table_name = '{table}' order by ordinal_position")
        return [name for name in names if name != "seq"]
    return [row[1] for row in connection.execute(f"pragma table_info({table})") if row[1] != "seq"]


def query(sql):
    command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", database]
    done = subprocess.run(command, input=sql, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit("psql failed")
    return done.stdout.split("\n")[:-1]


def statements(connection, first, last):
    """What copies jobs with these numbers."""
    waits = "i % 10 = 0"
    # A job each 80 ms, the last one a minute ago.
    created = f"source.created_at - 60000 - 80 * ({rows} - i)"
    series = f"generate_series({first}, {last}) as i" if is_postgres else "series"
    begin = "" if is_postgres else f"with recursive series(i) as (select {first} union all select i + 1 from series where i < {last}) "
    drawn = {
        "status": "'finished'",
        "attempt": "1",
        "progress": "100",
        "worker": "null",
        "started_at": f"{created} + 1000",
        "finished_at": f"{created} + 3000",
        "ended_at": f"{created} + 3000",
        "updated_at": f"{created} + 3000",
        "render_duration": "2.0",
        "output": f"'outputs/' || {padded('i')} || '/1.mp4'",
    }
    jobs = {name: f"case when {waits} then source.{name} else {value} end" for name, value in drawn.items()}
    jobs |= {"id": padded("i"), "created_at": created, "output_url": f"'http://127.0.0.1/outputs/' || {padded('i')}"}
    outbox = {
        "id": padded("i"),
        "job_id": padded("i"),
        "status": "'finished'",
        "method": "'POST'",
        "url": "'http://127.0.0.1:9/hook'",
        "headers": "'{}'",
        "body": "'{}'",
        "tries": "1",
        "delivered_at": f"{created} + 3100",
        "last_status": "204",
        "created_at": f"{created} + 3000",
        "team_id": "source.team_id",
    }
    attempts = {
        "job_id": padded("i"),
        "attempt": "1",
        "worker": "'remote:filled'",
        "started_at": f"{created} + 1000",
        "ended_at": f"{created} + 3000",
        "outcome": "'finished'",
        "log": "'30 frames of 1280x720 in 1.2 s'",
    }
    source = "(select * from jobs where status = 'queued' and id not like '0000%' order by seq desc limit 1) as source"
    for table, values, which in (("jobs", jobs, "true"), ("outbox", outbox, f"not ({waits})"), ("attempts", attempts, f"not ({waits})")):
        names = columns(connection, table)
        if table != "jobs":
            names = [name for name in names if name in values]
        taken = ", ".join(f'{values.get(name, f"source.{name}")}' for name in names)
        yield f"insert into {table} ({', '.join(names)}) {begin}select {taken} from {source}, {series} where {which}"


step = 100_000
connection = None if is_postgres else sqlite3.connect(database)
for first in range(1, rows + 1, step):
    last = min(first + step - 1, rows)
    if is_postgres:
        query("begin; " + "; ".join(statements(None, first, last)) + "; commit;")
    else:
        with connection:
            for sql in statements(connection, first, last):
                connection.execute(sql)
if is_postgres:
    # What autovacuum would do in a while.
    query("vacuum analyze jobs; vacuum analyze outbox; vacuum analyze attempts;")
    print("jobs by status:", *query("select status || ' ' || count(*) from jobs group by status"), sep="\n  ")
else:
    connection.execute("pragma wal_checkpoint(truncate)")
    print("jobs by status:", *(f"{a} {b}" for a, b in connection.execute("select status, count(*) from jobs group by status")), sep="\n  ")
