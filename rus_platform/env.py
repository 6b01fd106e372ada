"""Settings that come from the environment, read in one place and explained when missing."""

import os
from urllib.parse import unquote, urlparse


def text(name: str, default: str | None = None) -> str:
    """Value of an environment variable; an error in words when it is required and missing."""
    value = os.environ.get(name, default)
    if value is None:
        raise SystemExit(f"Environment variable {name} is not set. See docs/operations.md.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes and on."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without blanks."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database(url: str) -> dict[str, object]:
    """Django's DATABASES entry for ``postgresql://user:password@host:port/name``.

    Connections come from a pool (psycopg), since every ASGI request runs in a thread of its own.
    """
    parts = urlparse(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit("DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": int(text("DATABASE_POOL", "12")), "timeout": 20}},
    }
