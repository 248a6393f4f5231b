"""One file has one decimal mark: columns that could be read either way follow the column that proves the comma."""

from collections.abc import Sequence

from tabular.typing import numbers
from tabular.typing.kinds import Subject, Verdict
from tabular.typing.reasons import Reason

_PROOF = (Reason.DECIMAL_COMMA, Reason.INTEGER_DOTS)
_EITHER_WAY = r"^-?[1-9][0-9]{0,2}\.[0-9]{3}$"


def settle(subjects: Sequence[Subject], verdicts: dict[str, Verdict]) -> None:
    """``1,234`` is 1.234 where another column holds ``12,5``; ``1.234`` is then undecided, so it stays text."""
    if not any(verdicts[subject.name].reason in _PROOF for subject in subjects):
        return
    for subject in subjects:
        verdict = verdicts[subject.name]
        if verdict.dtype in ("integer", "decimal") and not subject.count("decimal_comma"):
            verdicts[subject.name] = _with_comma(subject) or _undecided(subject) or verdict


def _with_comma(subject: Subject) -> Verdict | None:
    """The column read with a decimal comma, if it has commas and no value refutes it."""
    if not subject.count("marked") or subject.count("decimal"):
        return None
    if not subject.find(subject.text.str.contains("[,，]").any()):
        return None
    kept = dict(subject.counts)
    subject.counts["decimal_comma"] = subject.counts.pop("marked")
    verdict = numbers.verdict(subject)
    if verdict.dtype == "text":
        subject.counts = kept
        return None
    return verdict


def _undecided(subject: Subject) -> Verdict | None:
    if not subject.count("decimal") or subject.count("marked"):
        return None
    clear = numbers.is_decimal(subject.text) & ~subject.text.str.contains(_EITHER_WAY)
    if subject.find(clear.any()):
        return None
    first = subject.locate(subject.text.str.contains(_EITHER_WAY))
    return Verdict("text", Reason.MARKS_UNDECIDED, evidence=(first,))
