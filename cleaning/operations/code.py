"""Rendering of Python code for people: every name and every value of the user's becomes a literal."""

from collections.abc import Callable, Sequence
from typing import Any

LOOP = "column"  # the loop's own variable


def literal(value: Any) -> str:
    """A Python literal of JSON-like data on one line, text in double quotes where that needs no escapes."""
    if isinstance(value, str):
        plain = value.isprintable() and '"' not in value and "\\" not in value
        return f'"{value}"' if plain else repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(literal(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(one)}" for key, one in value.items()) + "}"
    return repr(value)


def comment(text: str) -> str:
    """``# text``, on one line whatever the text holds."""
    return "# " + "".join(char if char.isprintable() else " " for char in text)


def each(columns: Sequence[str], render: Callable[[str], str]) -> str:
    """``render(c)`` for every column; ``c`` is code that names the column: a literal, or the variable of a loop."""
    if len(columns) == 1:
        return render(literal(columns[0]))
    body = "\n".join(f"    {line}" if line else line for line in render(LOOP).splitlines())
    return f"for {LOOP} in {literal(columns)}:\n{body}"


def suffixed(column: str, suffix: str) -> str:
    """Code for the column's name with ``suffix``, where ``column`` is what ``each`` gave to ``render``."""
    if column == LOOP:
        return f"{LOOP} + {literal(suffix)}"
    return column[:-1] + suffix + column[-1]
