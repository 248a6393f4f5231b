"""What all failures of the language model's planner have in common."""

from typing import Any, ClassVar

from tabular.errors import TableError, gettext_noop


class LlmFailed(TableError):
    """``prompt`` and ``answer``: what was sent and what came back until then, for the plan's owner; neither holds the
    key. They are no ``details``, so that no error body shows them."""

    reason: ClassVar[str] = "llm_failed"
    message: ClassVar[str] = gettext_noop("The language model could not propose a plan.")

    def __init__(self, *, prompt: str = "", answer: str = "", **details: Any) -> None:
        super().__init__(**details)
        self.prompt = prompt
        self.answer = answer

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.prompt, self.answer, self.details)


def _rebuild(cls: type[LlmFailed], prompt: str, answer: str, details: dict[str, Any]) -> LlmFailed:
    return cls(prompt=prompt, answer=answer, **details)
