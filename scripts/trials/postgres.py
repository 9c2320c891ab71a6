#!/usr/bin/env python3
"""A PostgreSQL of one's own for trials.

    postgres.py start FOLDER [PORT]   makes it if it is not there, starts it, prints its address
    postgres.py stop FOLDER           ends it in good order
    postgres.py crash FOLDER          ends it as a power cut would

Needs Debian's package `postgresql`. It does sync: what it is asked to keep survives `crash`.
"""

import os
import pathlib
import pwd
import socket
import subprocess
import sys


class Postgres:
    """A cluster in a folder, run by `postgres` if we are root (it refuses to run as root)."""

    def __init__(self, folder, port=0):
        self.folder = pathlib.Path(folder).resolve()
        port_file = self.folder / "port"
        if port_file.exists():
            port = int(port_file.read_text())
        self.port = port or free_port()
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda it: float(it.parent.name))
        if not found:
            sys.exit("PostgreSQL is missing: apt-get install postgresql")
        self.programs = found[-1]
        self.user = None
        if os.geteuid() == 0:
            self.user = "postgres"

    @property
    def url(self):
        return f"postgres://filmpress@127.0.0.1:{self.port}/filmpress"

    def run(self, program, *arguments, check=True):
        return subprocess.run(
            [self.programs / program, *arguments],
            user=self.user,
            cwd="/",
            check=check,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start(self):
        if not (self.folder / "data" / "PG_VERSION").exists():
            self.make()
        done = self.run("pg_ctl", "start", "-w", "-t", "60", "-D", self.folder / "data", "-l", self.folder / "log", check=False)
        if done.returncode != 0:
            sys.exit(f"PostgreSQL does not start:\n{done.stdout}{(self.folder / 'log').read_text()[-2000:]}")
        if self.run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "filmpress", "-c", "select 1", "filmpress", check=False).returncode:
            self.run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "filmpress", "filmpress")

    def make(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.user:
            owner = pwd.getpwnam(self.user)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            # The trial's folder must let `postgres` through.
            above = self.folder.parent
            above.chmod(above.stat().st_mode | 0o011)
        self.run("initdb", "-A", "trust", "-U", "filmpress", "-E", "UTF8", "--locale=C", "-D", self.folder / "data")
        settings = f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 100\n"
        with open(self.folder / "data" / "postgresql.conf", "a") as file:
            file.write(settings)
        (self.folder / "port").write_text(str(self.port))

    def stop(self, mode="fast"):
        self.run("pg_ctl", "stop", "-w", "-m", mode, "-D", self.folder / "data", check=False)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    what, folder, *port = sys.argv[1:]
    postgres = Postgres(folder, int(port[0]) if port else 0)
    if what == "start":
        postgres.start()
        print(postgres.url)
    elif what in ("stop", "crash"):
        postgres.stop("fast" if what == "stop" else "immediate")
    else:
        sys.exit(__doc__)
