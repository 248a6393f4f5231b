"""What workers clear away from time to time."""

from datasets import workplace


def abandoned_uploads() -> None:
    """Work folders whose process was killed; those under way are locked and stay."""
    for path in workplace.abandoned():
        workplace.remove(path)
