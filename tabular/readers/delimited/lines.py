"""A block of whole lines seen by numpy: which of them are well-formed records of the wanted width.

Well-formed is what RFC 4180 says: a quote opens only at the start of a field, closes only at its end, and is doubled in
between; line ends are LF or CRLF. Such records any strict parser reads alike, so they never pass through Python.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_LF, _CR = 10, 13


@dataclass(frozen=True, slots=True)
class Shape:
    """What a record has to look like: ``width`` fields, ASCII ``delimiter`` and ``quote`` (None: no quoting)."""

    width: int
    delimiter: int
    quote: int | None


@dataclass(frozen=True, slots=True)
class Records:
    """Well-formed records: where each ends in the block (past its LF), and on which of the block's lines it starts;
    ``starts`` is None when every record is one line."""

    ends: Ints
    starts: Ints | None


def regular(block: bytes, shape: Shape) -> Records | None:
    """The block's records when every one of them is well-formed and of the right width, else None.

    ``block`` starts outside of quotes and ends with LF.
    """
    if b"\0" in block or _has_lone_cr(block):
        return None
    data = np.frombuffer(block, np.uint8)
    newlines = np.flatnonzero(data == _LF)
    delimiters = np.flatnonzero(data == shape.delimiter)
    starts = None
    if shape.quote is not None and block.find(shape.quote) >= 0:
        inside = _inside(data, shape.quote)
        if not _quotes_fit(data, np.flatnonzero(data == shape.quote), shape):
            return None
        outer = ~inside[newlines]
        if not outer[-1]:
            return None
        if not outer.all():
            starts = np.concatenate(([0], np.flatnonzero(outer)[:-1] + 1))
            newlines = newlines[outer]
        delimiters = delimiters[~inside[delimiters]]
    if not _widths_fit(data, newlines, delimiters, shape.width):
        return None
    return Records(newlines + 1, starts)


def _has_lone_cr(block: bytes) -> bool:
    return block.count(b"\r") != block.count(b"\r\n")


def _inside(data: Bytes, quote: int) -> Flags:
    """Per byte: is it between an odd and an even quote (an opening quote itself is, a closing one is not)."""
    return np.logical_xor.accumulate(data == quote)


def _fits_before(data: Bytes, at: Ints, shape: Shape) -> Flags:
    """May a quote at these places open a field, or be the second of a doubled one?"""
    allowed = np.zeros(256, np.bool_)
    allowed[[shape.delimiter, shape.quote or 0, _LF]] = True
    before = data[np.maximum(at - 1, 0)]
    return allowed[before] | (at == 0)


def _fits_after(data: Bytes, at: Ints, shape: Shape) -> Flags:
    """May a quote at these places close a field, or be the first of a doubled one?"""
    allowed = np.zeros(256, np.bool_)
    allowed[[shape.delimiter, shape.quote or 0, _LF]] = True
    last = len(data) - 1
    after = data[np.minimum(at + 1, last)]
    return allowed[after] | ((after == _CR) & (data[np.minimum(at + 2, last)] == _LF))


def _quotes_fit(data: Bytes, quotes: Ints, shape: Shape) -> bool:
    if len(quotes) % 2:
        return False
    return bool(_fits_before(data, quotes[0::2], shape).all() and _fits_after(data, quotes[1::2], shape).all())


def _widths_fit(data: Bytes, ends: Ints, delimiters: Ints, width: int) -> bool:
    """Exactly ``width - 1`` delimiters before each record's end and after the one before it; none is empty."""
    if len(delimiters) != (width - 1) * len(ends):
        return False
    if width == 1:
        begins = np.concatenate(([0], ends[:-1] + 1))
        return bool(((ends - begins > 1) | ((ends > begins) & (data[begins] != _CR))).all())
    grid = delimiters.reshape(len(ends), width - 1)
    return bool((grid[:, -1] < ends).all() and (grid[1:, 0] > ends[:-1]).all())


@dataclass(frozen=True, slots=True)
class Lines:
    """Per physical line of a block: where it ``ends`` (past its LF), whether it is a whole ``good`` record by itself,
    and, for joining lines into one record, what it is when read from outside and from inside of quotes."""

    ends: Ints
    good: Flags
    odd: Flags  # an odd number of quotes: opens or closes a record of several lines
    fits_outside: Flags
    fits_inside: Flags
    outer_from_outside: Ints
    outer_from_inside: Ints
    unfit_inside_before: Ints  # running counts over the lines, for asking about spans
    outer_inside_before: Ints

    def span_is_record(self, first: int, last: int, width: int) -> bool:
        """Do these lines make one well-formed record, opened on the first and closed on the last?"""
        unfit = self.unfit_inside_before[last + 1] - self.unfit_inside_before[first + 1]
        outer = self.outer_inside_before[last + 1] - self.outer_inside_before[first + 1]
        return bool(self.fits_outside[first] and not unfit and self.outer_from_outside[first] + outer == width - 1)


def lines_of(block: bytes, shape: Shape, suspects: Sequence[bytes] = (b"\0",)) -> Lines:
    """Judges each line of a block that ends with LF. A line that holds one of ``suspects`` or a lone CR is not good."""
    data = np.frombuffer(block, np.uint8)
    newlines = np.flatnonzero(data == _LF)
    count = len(newlines)
    begins = np.concatenate(([0], newlines[:-1] + 1))
    delimiters = np.flatnonzero(data == shape.delimiter)
    delimiter_line = np.searchsorted(newlines, delimiters)
    if shape.quote is None:
        quotes = np.empty(0, np.int64)
        relative = np.zeros(len(delimiters), np.bool_)
        quote_line = quotes
    else:
        quotes = np.flatnonzero(data == shape.quote)
        quote_line = np.searchsorted(newlines, quotes)
        inside = _inside(data, shape.quote)
        at_start = np.concatenate(([False], inside[newlines[:-1]]))
        relative = inside[delimiters] ^ at_start[delimiter_line]
    per_line = np.bincount(quote_line, minlength=count)
    odd = per_line % 2 == 1
    before_line = np.concatenate(([0], np.cumsum(per_line)[:-1]))
    even_place = (np.arange(len(quotes)) - before_line[quote_line]) % 2 == 0
    opens, closes = _fits_before(data, quotes, shape), _fits_after(data, quotes, shape)
    fits_outside = np.bincount(quote_line[~np.where(even_place, opens, closes)], minlength=count) == 0
    fits_inside = np.bincount(quote_line[~np.where(even_place, closes, opens)], minlength=count) == 0
    outside = np.bincount(delimiter_line[~relative], minlength=count)
    within = np.bincount(delimiter_line[relative], minlength=count)
    clean = _clean_lines(data, block, newlines, suspects)
    filled = (newlines - begins > 1) | ((newlines > begins) & (data[begins] != _CR))
    return Lines(
        ends=newlines + 1,
        good=fits_outside & ~odd & (outside == shape.width - 1) & clean & filled,
        odd=odd,
        fits_outside=fits_outside & clean,
        fits_inside=fits_inside & clean,
        outer_from_outside=outside,
        outer_from_inside=within,
        unfit_inside_before=np.concatenate(([0], np.cumsum(~(fits_inside & clean)))),
        outer_inside_before=np.concatenate(([0], np.cumsum(within))),
    )


def _clean_lines(data: Bytes, block: bytes, newlines: Ints, suspects: Sequence[bytes]) -> Flags:
    clean = np.ones(len(newlines), np.bool_)
    for suspect in suspects:
        if suspect in block:
            clean[np.searchsorted(newlines, _places(data, suspect))] = False
    if _has_lone_cr(block):
        returns = np.flatnonzero(data[:-1] == _CR)
        clean[np.searchsorted(newlines, returns[data[returns + 1] != _LF])] = False
    return clean


def _places(data: Bytes, what: bytes) -> Ints:
    """Where ``what``, which holds no LF, begins; ``data`` ends with LF."""
    found = np.flatnonzero(data == what[0])
    for ahead, byte in enumerate(what[1:], 1):
        found = found[data[np.minimum(found + ahead, len(data) - 1)] == byte]
    return found
