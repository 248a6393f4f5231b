"""Whatever the model answers: a plan that fits the table is taken, everything else refused by name."""

import json
import pickle
from typing import Any

import pytest

from cleaning.operations import OPERATIONS, DropColumns, FillMissing
from cleaning.planner.llm import LlmFailed, Proposal, propose
from tests.cleaning.planner.llm.model import Answer, answering, envelope, plans, raw, says
from tests.cleaning.planner.llm.shop import INJECTED, TARGET, facts

DROP = {"operation": "drop_columns", "params": {"columns": ["email", "customer"]}}
FILL = {"operation": "fill_missing", "params": {"columns": ["income"], "strategy": "median", "flag": True}}
GOOD = json.dumps({"steps": [DROP, FILL]})


def proposed(answer: Answer, target: str | None = TARGET, **changes: Any) -> Proposal:
    with answering(answer) as server:
        return propose(server.endpoint(**changes), facts(), "classification", target)


def refused(answer: Answer, target: str | None = TARGET, **changes: Any) -> LlmFailed:
    with pytest.raises(LlmFailed) as caught:
        proposed(answer, target, **changes)
    assert str(caught.value) == caught.value.message % caught.value.details
    assert json.dumps(caught.value.details)
    assert not {"reason", "message", "problem", "prompt", "answer"} & set(caught.value.details), "an error's own words"
    return caught.value


def fill(*columns: str, **params: Any) -> dict[str, Any]:
    return {"operation": "fill_missing", "params": {"columns": list(columns), "strategy": "mode", **params}}


def test_a_good_plan():
    found = proposed(plans(DROP | {"name": "Drop", "description": "They name people."}, FILL))
    drop, fills = found.steps
    assert drop.operation == DropColumns(columns=("email", "customer"))
    assert (drop.name, drop.description, drop.why) == ("Drop", "They name people.", None)
    assert fills.operation == FillMissing(columns=("income",), strategy="median", flag=True)
    assert (fills.name, fills.description, fills.why) == (None, None, None)
    assert json.loads(found.prompt)["model"] == "m-1"
    content = json.loads(found.answer)["choices"][0]["message"]["content"]
    assert [one["operation"] for one in json.loads(content)["steps"]] == ["drop_columns", "fill_missing"]


@pytest.mark.parametrize("content", [
    f"```json\n{GOOD}\n```",
    f"```\n{GOOD}\n```",
    f"\n  ```JSON \r\n{GOOD}```\n\n",
    f"  {GOOD}\n",
    json.dumps(json.loads(GOOD), indent=4),
])  # fmt: skip
def test_a_bare_or_fenced_object_is_read(content):
    assert [one.operation.operation for one in proposed(says(content)).steps] == ["drop_columns", "fill_missing"]


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/x+json", None]
)
def test_types_that_are_json(content_type):
    body = json.dumps(envelope(GOOD)).encode()
    assert len(proposed(raw(body, content_type=content_type)).steps) == 2


def test_a_column_that_an_earlier_step_makes_may_be_used():
    later = {"operation": "drop_columns", "params": {"columns": ["income_was_missing"]}}
    assert len(proposed(plans(FILL, later)).steps) == 2
    failure = refused(plans(later, FILL))
    assert (failure.details["step_order"], failure.details["refusal"]["reason"]) == (1, "column_not_found")


def test_the_longest_plan():
    assert len(proposed(plans(*[fill("city")] * 50)).steps) == 50


NO_JSON = {
    "prose": "First I would drop the e-mail addresses.",
    "code": "df = df.drop(columns=['email'])\nimport os; os.system('true')",
    "code in a fence": "```python\ndf = df.drop(columns=['email'])\n```",
    "prose before": f"Here is the plan:\n{GOOD}",
    "prose before a fence": f"Here is the plan:\n```json\n{GOOD}\n```",
    "prose after": f"{GOOD}\nGood luck!",
    "two fences": f"```json\n{GOOD}\n```\n```json\n{GOOD}\n```",
    "two objects": f"{GOOD}\n{GOOD}",
    "a list": f"[{GOOD}]",
    "a text": json.dumps(GOOD),
    "null": "null",
    "nothing": "",
    "cut off": GOOD[:-20],
    "single quotes": str(json.loads(GOOD)),
    "comments": GOOD.replace("[", "[ // first\n", 1),
    "NaN": GOOD.replace('"median"', '"constant", "value": NaN'),
    "infinity": GOOD.replace('"median"', '"constant", "value": -Infinity'),
    "an overflow": GOOD.replace('"median"', '"constant", "value": 1e999'),
    "a number of 5000 digits": GOOD.replace('"median"', '"constant", "value": ' + "9" * 5000),
    "a key twice": GOOD.replace('"steps"', '"steps": [], "steps"'),
    "deep": '{"steps": ' + "[" * 30 + "]" * 30 + "}",
    "abysmal": '{"steps": ' + "[" * 100_000,
    "deep objects": '{"steps":' * 5000 + "1" + "}" * 5000,
    "NUL": GOOD.replace("email", "\\u0000"),
    "half a pair": GOOD.replace("email", "\\ud800"),
}


@pytest.mark.parametrize("content", NO_JSON.values(), ids=NO_JSON)
def test_what_is_not_one_json_object(content):
    failure = refused(says(content))
    assert failure.reason == "llm_answer_not_json"
    assert json.loads(failure.prompt)
    assert json.loads(failure.answer)["choices"][0]["message"]["content"] == content


NO_ENVELOPE = {
    "invalid UTF-8": raw(b'{"choices": [{"message": {"content": "\xff\xfe"}}]}'),
    "latin 1": raw(json.dumps(envelope("é"), ensure_ascii=False).encode("latin-1")),
    "a page": raw(b"<html>Sign in</html>", content_type="text/html"),
    "JSON that says to be a page": raw(json.dumps(envelope(GOOD)).encode(), content_type="text/html; charset=utf-8"),
    "an event stream": raw(b"data: {}\n\n", content_type="text/event-stream"),
    "nothing": raw(b""),
    "no content": raw(b"", status=204, content_type=None),
    "compressed": raw(b"\x1f\x8b\x08\x00", Content_Encoding="gzip"),
    "cut off": raw(json.dumps(envelope(GOOD)).encode()[:-9]),
    "a list": raw(json.dumps([envelope(GOOD)]).encode()),
    "abysmal": raw(b'{"choices":' + b"[" * 200_000),
}


@pytest.mark.parametrize("answer", NO_ENVELOPE.values(), ids=NO_ENVELOPE)
def test_a_body_that_is_no_json_object(answer):
    assert refused(answer).reason == "llm_answer_not_json"


NO_MESSAGE = {
    "no choices": {"id": "c-1"},
    "an error with status 200": {"error": {"message": "overloaded"}},
    "empty choices": {"choices": []},
    "choices of another type": {"choices": "yes"},
    "a choice of another type": {"choices": [1]},
    "no message": {"choices": [{"finish_reason": "stop"}]},
    "a message of another type": {"choices": [{"message": GOOD}]},
    "no content": envelope(None),
    "content in parts": envelope([{"type": "text", "text": GOOD}]),
    "a tool to call": envelope(None, "tool_calls", tool_calls=[{"function": {"name": "run", "arguments": GOOD}}]),
    "the plan itself": json.loads(GOOD),
}


@pytest.mark.parametrize("body", NO_MESSAGE.values(), ids=NO_MESSAGE)
def test_an_envelope_without_a_message(body):
    failure = refused(raw(json.dumps(body).encode()))
    assert (failure.reason, failure.details["refusal"]["reason"]) == ("llm_answer_invalid", "no_message")
    assert failure.details["step_order"] is None


INVALID = {
    "no steps": ({"steps": []}, None, "no_steps"),
    "steps missing": ({}, None, "not_a_plan"),
    "a single step": ({"steps": DROP}, None, "not_a_plan"),
    "further keys": ({"steps": [DROP], "code": "import os"}, None, "not_a_plan"),
    "too many steps": ({"steps": [fill("city")] * 51}, None, "too_many_steps"),
    "a step of another type": ({"steps": [DROP, "drop email"]}, 2, "not_a_plan"),
    "no operation": ({"steps": [{"params": {}}]}, 1, "not_a_plan"),
    "no params": ({"steps": [{"operation": "drop_columns"}]}, 1, "not_a_plan"),
    "params beside the operation": ({"steps": [{"operation": "drop_columns", "columns": ["email"]}]}, 1, "not_a_plan"),
    "a snippet": ({"steps": [DROP | {"code_snippet": "import os"}]}, 1, "not_a_plan"),
    "a name that is no text": ({"steps": [DROP | {"name": 1}]}, 1, "not_a_plan"),
    "an unknown operation": ({"steps": [DROP, {"operation": "run_python", "params": {}}]}, 2, "unknown_operation"),
    "a dunder operation": ({"steps": [{"operation": "__class__", "params": {}}]}, 1, "unknown_operation"),
    "a column as text": ({"steps": [{"operation": "drop_columns", "params": {"columns": "email"}}]}, 1, "invalid_step"),
    "a number as column": ({"steps": [{"operation": "drop_columns", "params": {"columns": [1]}}]}, 1, "invalid_step"),
    "an extra field": ({"steps": [fill("city", inplace=True)]}, 1, "invalid_step"),
    "a switch as text": ({"steps": [fill("city", flag="true")]}, 1, "invalid_step"),
    "an unknown strategy": ({"steps": [fill("city", strategy="guess")]}, 1, "invalid_step"),
    "a missing column": ({"steps": [DROP, fill("town")]}, 2, "column_not_found"),
    "a column that was dropped": ({"steps": [DROP, fill("email")]}, 2, "column_not_found"),
    "a type that does not fit": ({"steps": [fill("city", strategy="mean")]}, 1, "column_has_wrong_type"),
    "the target dropped": (
        {"steps": [DROP, {"operation": "drop_columns", "params": {"columns": [TARGET]}}]}, 2, "target_touched"),
    "the target filled": ({"steps": [fill(TARGET)]}, 1, "target_touched"),
    "the target among others": ({"steps": [FILL, fill("city", TARGET, flag=True)]}, 2, "target_touched"),
}  # fmt: skip


@pytest.mark.parametrize(("plan", "order", "reason"), INVALID.values(), ids=INVALID)
def test_a_plan_that_is_not_valid(plan, order, reason):
    failure = refused(says(json.dumps(plan)))
    assert failure.reason == "llm_answer_invalid"
    assert (failure.details["step_order"], failure.details["refusal"]["reason"]) == (order, reason)
    assert failure.details["refusal"]["message"] % failure.details["refusal"]["details"]


TOUCHING = {
    "rename_columns": [{"names": {TARGET: "label"}}, {"names": {"city": TARGET, TARGET: "city"}}],
    "one_hot": [{"columns": [TARGET]}],
    "ordinal_encode": [{"columns": [TARGET]}],
    "frequency_encode": [{"columns": [TARGET]}],
    "group_rare": [{"columns": [TARGET], "min_share": 0.1}],
    "drop_uninformative": [{}, {"keep": ["member"]}],
}


@pytest.mark.parametrize(
    ("operation", "params"), [(name, params) for name, listed in TOUCHING.items() for params in listed]
)
def test_further_ways_to_touch_the_target(operation, params):
    failure = refused(plans({"operation": operation, "params": params}))
    assert failure.details["refusal"]["reason"] == "target_touched", failure.details


@pytest.mark.parametrize(("operation", "params"), [
    ("drop_missing_rows", {"columns": [TARGET]}),
    ("drop_uninformative", {"keep": [TARGET]}),
    ("split_rows", {"stratify": TARGET}),
])  # fmt: skip
def test_naming_the_target_is_no_touching(operation, params):
    assert operation in OPERATIONS
    assert proposed(plans({"operation": operation, "params": params})).steps[0].operation.operation == operation


def test_parts_of_a_date_that_is_the_target_give_it_away():
    parts = {"operation": "split_date", "params": {"columns": ["born"], "parts": ["year"], "keep": True}}
    assert len(proposed(plans(parts)).steps) == 1
    assert refused(plans(parts), target="born").details["refusal"]["reason"] == "target_touched"


def test_without_a_target_every_column_may_change():
    assert len(proposed(plans(fill(TARGET)), target=None).steps) == 1


def test_a_column_with_a_hostile_name_is_a_column_like_others():
    found = proposed(plans(fill(INJECTED)))
    assert found.steps[0].operation == FillMissing(columns=(INJECTED,), strategy="mode")


def test_an_answer_that_hit_the_limit_of_tokens():
    assert refused(says(GOOD[:-20], "length")).reason == "llm_answer_cut_off"
    assert refused(says(GOOD, "length")).reason == "llm_answer_cut_off"


def test_a_model_that_declines():
    failure = refused(says(None, refusal="I can't help with that."))
    assert failure.reason == "llm_declined"
    assert "I can't help" in failure.answer
    assert refused(says("", "content_filter")).reason == "llm_declined"


def test_the_models_words_are_cut_and_cleaned():
    name = "Drop\n\tcolumns\u202e \x1b[31m " + "x" * 500
    description = "One\x07 line.\r\n\r\nAnother  one.\u2028" + "y" * 2000
    (step,) = proposed(plans(DROP | {"name": name, "description": description})).steps
    assert step.name == ("Drop columns [31m " + "x" * 500)[:200]
    assert step.description == ("One line.\n\nAnother one.\n" + "y" * 2000)[:1000]
    (step,) = proposed(plans(DROP | {"name": " \n", "description": None})).steps
    assert (step.name, step.description) == (None, None)


def test_a_failure_survives_a_process_border():
    failure = refused(says("prose"))
    again = pickle.loads(pickle.dumps(failure))
    assert type(again) is type(failure)
    assert (again.prompt, again.answer, again.details) == (failure.prompt, failure.answer, failure.details)
