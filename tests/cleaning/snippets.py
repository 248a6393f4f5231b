"""Runs rendered code in a process of its own, as a person would, and compares tables cell by cell."""

import atexit
import pickle
import struct
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd

_SERVER = """
import pickle, struct, sys
import numpy as np
import pandas as pd
inward, outward = sys.stdin.buffer, sys.stdout.buffer
while head := inward.read(8):
    df, code = pickle.loads(inward.read(struct.unpack("<q", head)[0]))
    names = {"pd": pd, "np": np, "df": df}
    try:
        exec(code, names)
        answer = names["df"]
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    body = pickle.dumps(answer)
    outward.write(struct.pack("<q", len(body)) + body)
    outward.flush()
"""
_process: subprocess.Popen[bytes] | None = None


def ran(df: pd.DataFrame, code: str) -> pd.DataFrame | str:
    """What ``df`` is after ``code``, or the error as text."""
    global _process
    if _process is None or _process.poll() is not None:
        _process = subprocess.Popen([sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        atexit.register(_process.kill)
    assert _process.stdin and _process.stdout
    body = pickle.dumps((df, code))
    _process.stdin.write(struct.pack("<q", len(body)) + body)
    _process.stdin.flush()
    size = struct.unpack("<q", _process.stdout.read(8))[0]
    answer: pd.DataFrame | str = pickle.loads(_process.stdout.read(size))
    return answer


def cells(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """``{column: cells}`` as plain Python values, null as None: what two equal tables have in common."""
    return {str(name): [_plain(cell) for cell in frame[name].tolist()] for name in frame.columns}


def _plain(cell: Any) -> Any:
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell:
        return None
    if isinstance(cell, bool | np.bool_):
        return ("boolean", bool(cell))  # or else True would equal 1
    return cell.to_pydatetime() if isinstance(cell, pd.Timestamp) else cell


def as_from_csv(frame: pd.DataFrame) -> pd.DataFrame:
    """The types that ``pd.read_csv`` would have given: no nullable integers, booleans as objects where some miss."""
    made = {}
    for name in frame.columns:
        column = frame[name]
        if column.dtype == pd.Int64Dtype():
            column = column.astype("float64" if column.isna().any() else "int64")
        elif column.dtype == pd.BooleanDtype():
            column = column.astype("object" if column.isna().any() else "bool")
            column = column.where(column.notna(), float("nan")) if column.dtype == object else column
        made[name] = column
    return pd.DataFrame(made, index=frame.index)
