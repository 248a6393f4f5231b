"""Makes files that are wrong in the ways real ones are, and says what a person would read in them.

A pollution takes a table (header, rows of text) and returns the file's bytes with the table expected from them. Rows
that a pollution makes ambiguous are expected as a careful person would read them.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    header: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Polluted:
    data: bytes
    expected: Table
    headless: bool = False


def field(text: str, delimiter: str = ",", quote: str = '"') -> str:
    if any(mark in text for mark in (delimiter, quote, "\n", "\r")):
        return quote + text.replace(quote, quote * 2) + quote
    return text


def line(row: Row, delimiter: str = ",", quote: str = '"') -> str:
    return delimiter.join(field(cell, delimiter, quote) for cell in row)


def lines(table: Table, delimiter: str = ",", quote: str = '"') -> list[str]:
    return [line(row, delimiter, quote) for row in (table.header, *table.rows)]


def text(all_lines: list[str], end: str = "\n") -> bytes:
    return (end.join(all_lines) + end).encode()


def plain_rows(table: Table) -> list[int]:
    """Rows that need no quoting, so that a fault in them is the only one."""
    return [i for i, row in enumerate(table.rows) if line(row) == ",".join(row)]


Pollution = Callable[[Table, random.Random], Polluted]
POLLUTIONS: dict[str, Pollution] = {}


def pollution(make: Pollution) -> Pollution:
    POLLUTIONS[make.__name__] = make
    return make


def _with_line(table: Table, at: int, new: str) -> bytes:
    changed = lines(table)
    changed[at + 1] = new
    return text(changed)


def _pick(table: Table, rng: random.Random) -> tuple[int, list[str]]:
    at = rng.choice(plain_rows(table))
    return at, list(table.rows[at])


@pollution
def clean(table: Table, rng: random.Random) -> Polluted:
    return Polluted(text(lines(table)), table)


@pollution
def extra_quote_before(table: Table, rng: random.Random) -> Polluted:
    at, cells = _pick(table, rng)
    column = rng.randrange(len(cells))
    cells[column] = '"' + cells[column]
    return Polluted(_with_line(table, at, ",".join(cells)), table)


@pollution
def extra_quote_within(table: Table, rng: random.Random) -> Polluted:
    at, cells = _pick(table, rng)
    column = rng.choice([i for i, cell in enumerate(cells) if len(cell) > 1])
    cells[column] = cells[column][:1] + '"' + cells[column][1:]
    return Polluted(_with_line(table, at, ",".join(cells)), table)


@pollution
def extra_quote_after(table: Table, rng: random.Random) -> Polluted:
    at, cells = _pick(table, rng)
    column = rng.randrange(len(cells))
    cells[column] += '"'
    return Polluted(_with_line(table, at, ",".join(cells)), table)


@pollution
def extra_quote_in_quoted_row(table: Table, rng: random.Random) -> Polluted:
    at, cells = _pick(table, rng)
    column = rng.randrange(len(cells))
    quoted = [f'"{cell}"' for cell in cells]
    quoted[column] = rng.choice(
        [quoted[column][:-1], quoted[column][1:], quoted[column][:2] + '"' + quoted[column][2:]]
    )
    return Polluted(_with_line(table, at, ",".join(quoted)), table)


@pollution
def all_quoted_one_unclosed(table: Table, rng: random.Random) -> Polluted:
    made = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (table.header, *table.rows)]
    at = rng.choice(plain_rows(table)) + 1
    made[at] = made[at][:-1]
    return Polluted(text(made), table)


@pollution
def missing_delimiter(table: Table, rng: random.Random) -> Polluted:
    at, cells = _pick(table, rng)
    column = rng.randrange(len(cells) - 1)
    merged = [*cells[:column], cells[column] + cells[column + 1], *cells[column + 2 :]]
    return Polluted(_with_line(table, at, ",".join(merged)), table)


@pollution
def extra_delimiter(table: Table, rng: random.Random) -> Polluted:
    at, cells = _pick(table, rng)
    column = rng.randrange(len(cells))
    return Polluted(_with_line(table, at, ",".join([*cells[:column], "", *cells[column:]])), table)


@pollution
def extra_delimiters_at_end(table: Table, rng: random.Random) -> Polluted:
    at, cells = _pick(table, rng)
    return Polluted(_with_line(table, at, ",".join(cells) + ",,"), table)


@pollution
def foreign_delimiter(table: Table, rng: random.Random) -> Polluted:
    at, cells = _pick(table, rng)
    return Polluted(_with_line(table, at, rng.choice(";\t|").join(cells)), table)


@pollution
def foreign_quote(table: Table, rng: random.Random) -> Polluted:
    at, cells = _pick(table, rng)
    cells[0] += ", x"
    rows = [*table.rows[:at], tuple(cells), *table.rows[at + 1 :]]
    return Polluted(_with_line(table, at, ",".join(f"'{cell}'" for cell in cells)), Table(table.header, tuple(rows)))


@pollution
def single_quotes(table: Table, rng: random.Random) -> Polluted:
    made = [",".join("'" + cell.replace("'", "''") + "'" for cell in row) for row in (table.header, *table.rows)]
    return Polluted(text(made), table)


@pollution
def backslash_escapes(table: Table, rng: random.Random) -> Polluted:
    rows = [(f'say "{i}", ok', *row[1:]) if i % 7 == 3 else row for i, row in enumerate(table.rows)]
    made = [
        ",".join('"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"' for cell in row)
        for row in (table.header, *rows)
    ]
    return Polluted(text(made), Table(table.header, tuple(rows)))


@pollution
def no_header(table: Table, rng: random.Random) -> Polluted:
    return Polluted(text(lines(table)[1:]), table, headless=True)


@pollution
def preamble(table: Table, rng: random.Random) -> Polluted:
    above = ["月次売上レポート 2024", "Created: 2024-05-01, by hand", ""][: rng.randint(1, 3)]
    return Polluted(text(above + lines(table)), table)


@pollution
def preamble_with_delimiters(table: Table, rng: random.Random) -> Polluted:
    commas = "," * (len(table.header) - 1)
    return Polluted(text(["Monthly sales" + commas, commas, *lines(table)]), table)


@pollution
def footnote(table: Table, rng: random.Random) -> Polluted:
    return Polluted(text([*lines(table), "", "※ 出典: 本社システム"]), table)


@pollution
def footnote_without_gap(table: Table, rng: random.Random) -> Polluted:
    return Polluted(text([*lines(table), "Source: ministry of everything, preliminary figures"]), table)


@pollution
def two_header_rows(table: Table, rng: random.Random) -> Polluted:
    above = tuple("A" if i % 2 == 0 else "B" for i in range(len(table.header)))
    header = tuple(f"{a} {b}" for a, b in zip(above, table.header, strict=True))
    return Polluted(text([line(above), *lines(table)]), Table(header, table.rows))


@pollution
def unclosed_quote(table: Table, rng: random.Random) -> Polluted:
    at = rng.choice([i for i in plain_rows(table) if i < len(table.rows) // 3] or plain_rows(table))
    cells = list(table.rows[at])
    cells[-1] = '"' + cells[-1]
    return Polluted(_with_line(table, at, ",".join(cells)), table)


@pollution
def carriage_returns(table: Table, rng: random.Random) -> Polluted:
    rows = tuple(tuple(cell.replace("\n", " ") for cell in row) for row in table.rows)
    table = Table(table.header, rows)
    return Polluted(text(lines(table), "\r"), table)


@pollution
def crlf(table: Table, rng: random.Random) -> Polluted:
    return Polluted(text(lines(table), "\r\n"), table)


@pollution
def mixed_line_ends(table: Table, rng: random.Random) -> Polluted:
    made = "".join(one + rng.choice(["\n", "\r\n"]) for one in lines(table))
    return Polluted(made.encode(), table)


@pollution
def one_lone_cr(table: Table, rng: random.Random) -> Polluted:
    made = lines(table)
    at = rng.choice(plain_rows(table)[:-1]) + 1
    ends = ["\r" if i == at and '"' not in made[i + 1] else "\n" for i in range(len(made))]
    return Polluted("".join(a + b for a, b in zip(made, ends, strict=True)).encode(), table)


@pollution
def no_last_newline(table: Table, rng: random.Random) -> Polluted:
    return Polluted(text(lines(table))[:-1], table)


@pollution
def blank_lines(table: Table, rng: random.Random) -> Polluted:
    made = lines(table)
    for _ in range(3):
        made.insert(rng.randrange(2, len(made)), "")
    return Polluted(text([*made, "", ""]), table)


@pollution
def comments(table: Table, rng: random.Random) -> Polluted:
    made = lines(table)
    made.insert(len(made) // 2, "# checked, until here")
    return Polluted(text(["# a file of ours", *made]), table)


@pollution
def second_table_narrower(table: Table, rng: random.Random) -> Polluted:
    other = ["shop,total", *(f"店{i},{i * 100}" for i in range(8))]
    return Polluted(text([*lines(table), "", *other]), table)


@pollution
def second_table_wider(table: Table, rng: random.Random) -> Polluted:
    width = len(table.header) + 2
    other = [",".join(f"k{i}" for i in range(width)), *(",".join(str(i) for i in range(width)) for _ in range(8))]
    return Polluted(text([*lines(table), "", *other]), table)


@pollution
def second_table_alike(table: Table, rng: random.Random) -> Polluted:
    return Polluted(text([*lines(table), "", *lines(table)[:9]]), table)


@pollution
def repeated_header(table: Table, rng: random.Random) -> Polluted:
    made = lines(table)
    made.insert(len(made) // 2, made[0])
    return Polluted(text(made), table)


@pollution
def blanks_after_delimiters(table: Table, rng: random.Random) -> Polluted:
    made = [", ".join(field(cell) for cell in row) for row in (table.header, *table.rows)]
    return Polluted(text(made), table)


@pollution
def trailing_delimiters(table: Table, rng: random.Random) -> Polluted:
    return Polluted(text([one + "," for one in lines(table)]), table)


@pollution
def one_bad_byte(table: Table, rng: random.Random) -> Polluted:
    made = [one.encode() for one in lines(table)]
    at = rng.choice(plain_rows(table)) + 1
    made[at] = made[at][:3] + b"\xff" + made[at][3:]
    return Polluted(b"\n".join(made) + b"\n", table)


@pollution
def one_nul(table: Table, rng: random.Random) -> Polluted:
    at, cells = _pick(table, rng)
    cells[1] = "\0" + cells[1]
    return Polluted(_with_line(table, at, ",".join(cells)), table)


def _delimited_by(delimiter: str) -> Pollution:
    def make(table: Table, rng: random.Random) -> Polluted:
        return Polluted(text(lines(table, delimiter)), table)

    return make


for _name, _delimiter in {"semicolon": ";", "tab": "\t", "pipe": "|", "caret": "^", "tilde": "~", "colon": ":"}.items():
    POLLUTIONS[f"delimiter_{_name}"] = _delimited_by(_delimiter)


def _encoded_as(encoding: str, bom: bytes = b"") -> Pollution:
    def make(table: Table, rng: random.Random) -> Polluted:
        return Polluted(bom + text(lines(table)).decode().encode(encoding), table)

    return make


for _name, _encoding, _bom in (
    ("cp932", "cp932", b""),
    ("euc_jp", "euc_jp", b""),
    ("utf8_bom", "utf-8", b"\xef\xbb\xbf"),
    ("utf16_bom", "utf-16-le", b"\xff\xfe"),
    ("utf16be_bom", "utf-16-be", b"\xfe\xff"),
    ("utf16le", "utf-16-le", b""),
    ("iso2022jp", "iso2022_jp", b""),
):
    POLLUTIONS[f"encoding_{_name}"] = _encoded_as(_encoding, _bom)
