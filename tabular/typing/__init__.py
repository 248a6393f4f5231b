"""Types decided on the whole file, each with its reason and the cells that decided it; nothing is lost silently."""

from tabular.typing.conversion import convert
from tabular.typing.decide import decide
from tabular.typing.decision import Decision

__all__ = ["Decision", "convert", "decide"]
