"""User names and e-mails: one spelling for each, so that case never makes two people of one."""

import re
import secrets
import unicodedata
from collections.abc import Iterator

NOT_IN_A_USERNAME = re.compile(r"[^\w.+-]+")
MAX_USERNAME = 150
PLAIN_TRIES = 20


def canonical(name: str) -> str:
    """NFKC, with every letter beyond ASCII in lower case.

    Databases agree on the case of A–Z only (SQLite's LOWER knows no other letters); the unique indexes on
    LOWER(…) can be trusted because the others are stored folded.
    """
    composed = unicodedata.normalize("NFKC", name)
    return composed if composed.isascii() else "".join(c if c.isascii() else c.lower() for c in composed)


def key(name: str) -> str:
    """What the unique indexes compare."""
    return canonical(name).lower()


def usernames_for(email: str) -> Iterator[str]:
    """User names to try for an e-mail: its local part, then numbered, then with a random end."""
    local = NOT_IN_A_USERNAME.sub("-", canonical(email).rpartition("@")[0]).strip("-")[: MAX_USERNAME - 10] or "user"
    yield local
    for number in range(2, PLAIN_TRIES):
        yield f"{local}{number}"
    while True:
        yield f"{local}-{secrets.token_hex(4)}"
