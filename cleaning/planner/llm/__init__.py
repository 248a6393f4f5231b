"""A plan proposed by a language model that is shown no rows, behind any OpenAI-compatible endpoint.

What the model answers is only ever read as JSON and checked; the words it writes are the steps' names and descriptions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleaning.planner.llm import answer, prompt
from cleaning.planner.llm.endpoint import Endpoint
from cleaning.planner.llm.exchange import Conversation
from cleaning.planner.llm.failing import LlmFailed
from cleaning.planner.llm.shown import shown
from cleaning.planner.proposed import Proposed

__all__ = ["Endpoint", "LlmFailed", "Proposal", "propose"]

UNKNOWN_FORMAT = (400, 422)  # how endpoints answer that can't hold an answer to a schema


@dataclass(frozen=True, slots=True)
class Proposal:
    """``prompt`` is the request's body, ``answer`` the response's, both as text and without the key."""

    steps: list[Proposed]
    prompt: str
    answer: str


def propose(
    endpoint: Endpoint,
    facts: Mapping[str, Any],
    task_type: str,
    target: str | None,
    samples: Sequence[Mapping[str, Any]] = (),
) -> Proposal:
    """``facts``: the profile's result (``rows``, ``columns``). ``samples``: rows, which only ``send_samples`` lets out.

    Raises ``LlmFailed``; the error carries the prompt and the answer as far as they got.
    """
    conversation = Conversation(endpoint)
    document = shown(facts, task_type, target, samples if endpoint.send_samples else None)
    columns = {one["name"]: one["dtype"] for one in facts["columns"]}
    body = prompt.request(endpoint.model, document)
    sent = came = ""
    try:
        sent = prompt.text(body)
        reply = conversation.ask(sent.encode(), accepting=UNKNOWN_FORMAT)
        if reply.status in UNKNOWN_FORMAT:
            came = reply.text
            sent = prompt.text(prompt.simpler(body, came))
            reply = conversation.ask(sent.encode())
        came = reply.text
        return Proposal(answer.steps(reply, columns, target), sent, came)
    except LlmFailed as failed:
        failed.prompt, failed.answer = sent, failed.answer or came
        raise
