"""Memory that is given back: a run replaces column after column, and each is as large as the last."""

import ctypes
from functools import cache

import pyarrow as pa

_M_MMAP_THRESHOLD = -3  # glibc's malloc.h
_BYTES = 1 << 20


@cache
def give_back() -> None:
    """For the rest of this process: blocks of a megabyte and more go back to the system as soon as they are free.

    glibc raises that bound by itself when large blocks are freed, and keeps what is below it. Measured on a ten-step
    plan over a million rows: peak 550 MB instead of 720, in the same time.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # musl has none
        mallopt(_M_MMAP_THRESHOLD, _BYTES)
