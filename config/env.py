"""The environment, read with types: a bad value stops the start and says what to do.

Real environment variables win over ``.env``. An empty value counts as unset.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

KNOWN_SECRETS = {"changeme", "change-me", "secret", "your-super-secret-key", "your-secret-key-change-in-production"}


def load(base: Path) -> None:
    """Reads ``.env`` beside manage.py, if there is one, under the real environment."""
    dotenv = base / ".env"
    if not dotenv.is_file() or os.environ.get("IGNORE_DOTENV") == "1":
        return
    for line in dotenv.read_text().splitlines():
        name = line.partition("=")[0].strip()
        if os.environ.get(name) == "":  # an empty variable counts as unset, it hides nothing
            del os.environ[name]
    environ.Env.read_env(dotenv, overwrite=False)


def text(*names: str, default: str = "") -> str:
    """The first of ``names`` that is set and not empty."""
    return next((os.environ[name].strip() for name in names if os.environ.get(name, "").strip()), default)


def _parsed(name: str, default: T, parse: Callable[[str], T], expects: str) -> T:
    raw = text(name)
    if not raw:
        return default
    try:
        return parse(raw)
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"{name}={raw!r} can't be used: it takes {expects}.") from error


def switch(name: str, default: bool) -> bool:
    words = dict.fromkeys(("1", "true", "on", "yes"), True) | dict.fromkeys(("0", "false", "off", "no"), False)
    return _parsed(name, default, lambda raw: words[raw.lower()], "true or false (on, off, yes, no, 1, 0)")


def number(name: str, default: int, least: int = 0, most: int = 2**63 - 1) -> int:
    def parse(raw: str) -> int:
        value = int(raw)
        if not least <= value <= most:
            raise ValueError(raw)
        return value

    return _parsed(name, default, parse, f"a whole number from {least} to {most}")


def choice(name: str, default: str, *allowed: str) -> str:
    return _parsed(
        name, default, lambda raw: {a.lower(): a for a in allowed}[raw.lower()], "one of " + ", ".join(allowed)
    )


def listing(*names: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma list or a JSON list of strings."""

    def parse(raw: str) -> list[str]:
        if not raw.startswith("["):
            return [item.strip() for item in raw.split(",") if item.strip()]
        items = json.loads(raw)
        if not all(isinstance(item, str) for item in items):
            raise ValueError(raw)
        return items

    name = next((name for name in names if text(name)), names[0])
    return _parsed(name, list(default), parse, 'a comma list (a,b) or a JSON list (["a","b"])')


def url(name: str, default: str) -> str:
    """An http(s) base address without a trailing slash."""

    def parse(raw: str) -> str:
        if not raw.startswith(("http://", "https://")) or len(raw.split("://", 1)[1]) == 0:
            raise ValueError(raw)
        return raw.rstrip("/")

    return _parsed(name, default, parse, "an address such as https://data.example.com")


def secret(debug: bool) -> str:
    """``SECRET_KEY``; outside DEBUG it has no default, and neither short nor well-known values pass."""
    value = text("SECRET_KEY")
    if debug:
        return value or "insecure-only-for-debugging-" + "0" * 32
    hint = "Set SECRET_KEY to 50 random characters: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    if not value:
        raise ImproperlyConfigured(f"SECRET_KEY is not set, and DEBUG is off. {hint}")
    if len(value) < 32 or len(set(value)) < 8 or value.lower() in KNOWN_SECRETS or value.startswith("django-insecure"):
        raise ImproperlyConfigured(f"SECRET_KEY is too short or well known. {hint}")
    return value


def signing_key(secret_key: str) -> str:
    """The JWT key: ``JWT_SECRET`` where set, else ``SECRET_KEY``. Only HS256 is spoken."""
    algorithm = text("JWT_ALGORITHM", default="HS256")
    if algorithm != "HS256":
        raise ImproperlyConfigured(f"JWT_ALGORITHM={algorithm!r} can't be used: only HS256 is supported.")
    value = text("JWT_SECRET")
    if value and (len(value) < 32 or value.lower() in KNOWN_SECRETS):
        raise ImproperlyConfigured("JWT_SECRET is too short or well known: set 32 random characters or leave it out.")
    return value or secret_key


def database(base: Path) -> dict[str, Any]:
    """``DATABASE_URL``, else ``DB_ENGINE``/``DB_HOST`` …, else a SQLite file beside manage.py."""
    config = _database_config(base)
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8000;",
        }
    # A connection of its own for each thread, kept: opening one costs more than most of our queries.
    return config | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def _database_config(base: Path) -> dict[str, Any]:
    address = text("DATABASE_URL")
    if not address:
        engine = choice("DB_ENGINE", "postgres" if text("DB_HOST") else "sqlite", "postgres", "sqlite", "postgresql")
        if engine == "sqlite":
            name = text("DB_NAME", default="db.sqlite3")
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": name if name == ":memory:" else base / name}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": text("DB_NAME", default="qstorm"),
            "USER": text("DB_USER"),
            "PASSWORD": text("DB_PASSWORD"),
            "HOST": text("DB_HOST", default="127.0.0.1"),
            "PORT": text("DB_PORT"),
        }
    if address.startswith("sqlite"):
        # sqlite:///relative.db, sqlite:////absolute.db and SQLAlchemy's sqlite:///./app.db
        path = address.removeprefix("sqlite://").removeprefix("/")
        if not path or path == ":memory:":
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": path or base / "db.sqlite3"}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": base / path}
    if not address.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            f"DATABASE_URL={address.split('://')[0] + '://…'!r} can't be used: it takes sqlite:///file.db or "
            "postgresql://user:password@host:5432/name."
        )
    return dict(environ.Env.db_url_config(address))


def model_address(name: str) -> str:
    """An http(s) base address without user, query and fragment; empty: no language model. Never repeats the value."""
    value = text(name)
    try:
        parts = urlsplit(value)
        plain = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        plain = False
    if value and not (plain and _is_bare(value) and not set("?#\\") & set(value) and "@" not in parts.netloc):
        raise ImproperlyConfigured(
            f"{name} can't be used: it takes an address such as https://llm.example.com/v1, without user and password."
        )
    return value.rstrip("/")


def model_hosts(name: str, address: str) -> list[str]:
    """Exact host names that may be asked; by default the address's own, which must be among them."""
    own = urlsplit(address).hostname or ""
    hosts = [host.lower().strip("[]") for host in listing(name)]
    if any(not _is_bare(host) or set("/@*") & set(host) for host in hosts):
        raise ImproperlyConfigured(f"{name} can't be used: it takes host names (llm.example.com), without * and ports.")
    if own and hosts and own not in hosts:
        raise ImproperlyConfigured(f"{name} leaves out {own}, the host of the language model's address: add it.")
    return hosts or [own] * bool(own)


def model_key(name: str) -> str:
    """A key that fits into a header. Never repeats the value."""
    value = text(name)
    if not _is_bare(value):
        raise ImproperlyConfigured(f"{name} can't be used: it takes ASCII letters, digits and signs, without spaces.")
    return value


def model_name(name: str, address: str) -> str:
    value = text(name)
    if address and not value:
        raise ImproperlyConfigured(f"{name} is not set, but the language model's address is: name the model to ask.")
    return value


def _is_bare(value: str) -> bool:
    return value.isascii() and value.isprintable() and " " not in value


def redis() -> str:
    """``REDIS_URL``, else put together from ``REDIS_HOST/PORT/DB/PASSWORD``; empty: no Redis."""
    if text("REDIS_URL") or not text("REDIS_HOST"):
        return text("REDIS_URL")
    login = f":{quote(text('REDIS_PASSWORD'))}@" if text("REDIS_PASSWORD") else ""
    return f"redis://{login}{text('REDIS_HOST')}:{number('REDIS_PORT', 6379, 1, 65535)}/{number('REDIS_DB', 0)}"


def email(address: str) -> dict[str, Any]:
    """``EMAIL_URL`` (consolemail://, smtp://user:password@host:587, smtp+tls://…) as Django's settings."""
    try:
        return dict(environ.Env.email_url_config(address))
    except (ImproperlyConfigured, KeyError, ValueError) as error:
        raise ImproperlyConfigured(
            "EMAIL_URL can't be used: it takes consolemail:// or smtp+tls://user:password@host:587."
        ) from error
