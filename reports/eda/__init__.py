"""A table looked at from all sides, as facts and codes in no language; no Django.

``examine(table, options)`` composes what the analyses know of a table into one JSON-ready result. ``SCHEMA`` says what
the result holds; ``EXAMINATION_VERSION`` is raised when the same table would give another one.
"""

from reports.eda.examining import examine
from reports.eda.options import Options
from reports.eda.schema import EXAMINATION_VERSION, SCHEMA

__all__ = ["EXAMINATION_VERSION", "SCHEMA", "Options", "examine"]
