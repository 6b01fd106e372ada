"""Stage two of `./run`: the whole platform on this machine, until Ctrl-C.

./run             with the demo (made at the first start, when the database is empty)
./run --empty     without
PORT=8001 ./run   another copy, with data of its own under .local/8001/
DATABASE_URL=postgresql://… REDIS_URL=redis://… ./run   with servers of yours
"""

import argparse
import fcntl
import os
import shlex
import shutil
import socket
import time
from pathlib import Path
from typing import IO

import psycopg

from rus_platform.local import assets, machine
from rus_platform.local.processes import ROOT, ChildFailed, Stopped, Supervisor, say
from rus_platform.local.servers import Servers, create_database, sibling, start_postgres, start_valkey
from rus_platform.local.stack import MANAGE, platform_environment, start_mailbox, start_platform


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--empty", action="store_true", help="start with an empty platform, without the demo")
    empty = parser.parse_args().empty
    host, port = os.environ.get("HOST", "127.0.0.1"), read_port()
    try:
        run(host, port, demo=not empty)
    except Stopped:
        say("Stopped; no process is left.")
    except (ChildFailed, assets.BuildFailed) as error:
        raise SystemExit(f"{error}\nEverything else is stopped.") from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def run(host: str, port: int, *, demo: bool) -> None:
    """Prepare, start, announce, then watch until somebody stops us or a process dies."""
    machine.provide(machine.TO_RUN)
    assets.build_assets()
    state = ROOT / ".local" / str(port)
    state.mkdir(parents=True, exist_ok=True)
    state.chmod(0o711 if os.geteuid() == 0 else 0o700)  # root's PostgreSQL is not root and must walk through
    for folder in ("static", "media"):
        (state / folder).mkdir(exist_ok=True, mode=0o700)
    with claim(state) as door, Supervisor(keep_open=[door.fileno()]) as supervisor:
        supervisor.listen_to_signals()
        require_free_port(host, port)
        servers = start_servers(supervisor, state)
        env = platform_environment(os.environ, state, servers, host=host, port=port)
        start_mailbox(supervisor, env)
        write_environment(state, env)
        supervisor.step("migrate", [*MANAGE, "migrate", "--noinput"], env=env)
        if demo:
            make_demo(supervisor, state, servers, env)
        start_platform(supervisor, env, state, host=host, port=port)
        announce(state, host, port)
        supervisor.watch()


def read_port() -> int:
    """PORT from the environment, 8000 when unset."""
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SystemExit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def claim(state: Path) -> IO[str]:
    """The lock on a state directory; waits a moment for a copy that is just stopping."""
    door = (state / "lock").open("a")
    for _ in range(80):
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
        else:
            return door
    raise SystemExit(
        f"Another copy is running on port {state.name}. Start this one with PORT=8001 ./run, for instance."
    )


def require_free_port(host: str, port: int) -> None:
    """Say at once, and in words, that the port is taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ChildFailed(
                f"Can't listen on {host}:{port} ({error.strerror}). Choose another: PORT=8001 ./run"
            ) from None


def start_servers(supervisor: Supervisor, state: Path) -> Servers:
    """Servers named in the environment are used; those that are not are started here."""
    database, redis = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    say(
        f"• PostgreSQL: {'as DATABASE_URL says' if database else 'embedded'}; Valkey: {'as REDIS_URL says' if redis else 'embedded'}"
    )
    return Servers(
        database or start_postgres(supervisor, state, durable=True),
        redis or start_valkey(supervisor, state, durable=True),
    )


def write_environment(state: Path, env: dict[str, str]) -> None:
    """The copy's environment as a file, for `manage.py` by hand: `set -a; . .local/8000/environment`."""
    ours = {name: value for name, value in env.items() if os.environ.get(name) != value}
    file = state / "environment"
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in sorted(ours.items())))


# --- The demo -------------------------------------------------------------------------------
def make_demo(supervisor: Supervisor, state: Path, servers: Servers, env: dict[str, str]) -> None:
    """Fill an empty database through `manage.py demo`. A demo that was interrupted is begun again."""
    if not list(ROOT.glob("*/management/commands/demo.py")):
        say("• No demo command yet: starting empty")
        return
    begun = state / "demo-begun"
    if begun.exists() and "DATABASE_URL" not in os.environ:
        say("• The demo was interrupted last time: making it again from the start")
        start_over(state, servers.database_url)
        supervisor.step("migrate", [*MANAGE, "migrate", "--noinput", "-v", "0"], env=env)
    if not is_empty(servers.database_url):
        return
    say("• Making the demo; this takes a minute or two, once")
    begun.touch()
    supervisor.step("demo", [*MANAGE, "demo"], env=env)
    begun.unlink()


def is_empty(database_url: str) -> bool:
    """Whether nobody has an account."""
    with psycopg.connect(database_url) as connection:
        return connection.execute("SELECT 1 FROM actors_user LIMIT 1").fetchone() is None


def start_over(state: Path, database_url: str) -> None:
    """Throw away the half-made demo: database and files."""
    maintenance = sibling(database_url, "postgres")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS rus WITH (FORCE)")
    create_database(maintenance, "rus")
    for folder in ("media", "mail/new", "mail/cur"):
        for file in (state / folder).glob("*"):
            shutil.rmtree(file) if file.is_dir() else file.unlink()


def announce(state: Path, host: str, port: int) -> None:
    """The address and who can log in."""
    say()
    say(f"  The platform is running at http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/")
    accounts = state / "demo-accounts.txt"
    if accounts.exists():
        say("\n".join(f"  {line}".rstrip() for line in accounts.read_text().splitlines()))
    say(f"  Data: {state.relative_to(ROOT)}/   Stop: Ctrl-C")
    say()


if __name__ == "__main__":
    main()
