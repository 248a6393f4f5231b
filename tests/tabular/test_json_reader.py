"""JSON as people hand it around, to the letter of RFC 8259."""

import json

import pytest

from tabular.readers.delimited.sift import TooManyBadRows
from tabular.readers.json import JsonNotTabular
from tabular.readers.json_text import InvalidJson, JsonTooDeep
from tests.tabular.sources import details, dtypes, ingested, reasons


@pytest.fixture
def written(tmp_path):
    def write(content, name="table.json"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


RECORDS = [{"店": "渋谷", "n": 1, "x": 2.5}, {"店": "新宿", "n": 2, "x": None}]
SHAPES = [
    RECORDS,
    {"data": RECORDS},
    {"meta": {"a": 1}, "count": 2, "data": RECORDS},
    {"店": ["渋谷", "新宿"], "n": [1, 2], "x": [2.5, None]},
    {"店": {"0": "渋谷", "1": "新宿"}, "n": {"0": 1, "1": 2}, "x": {"0": 2.5, "1": None}},
    [["店", "n", "x"], ["渋谷", 1, 2.5], ["新宿", 2, None]],
    {"columns": ["店", "n", "x"], "index": [0, 1], "data": [["渋谷", 1, 2.5], ["新宿", 2, None]]},
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("indent", [None, 2])
def test_every_shape_of_one_table_gives_one_dataset(written, shape, indent):
    found, frame = ingested(written(json.dumps(shape, ensure_ascii=False, indent=indent)))
    assert dtypes(found) == ["text", "integer", "decimal"]
    assert (frame.columns, frame.rows()) == (["店", "n", "x"], [("渋谷", 1, 2.5), ("新宿", 2, None)])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932"])
def test_encodings_are_equal(written, encoding):
    _, frame = ingested(written(json.dumps(RECORDS, ensure_ascii=False).encode(encoding)))
    assert frame.rows() == [("渋谷", 1, 2.5), ("新宿", 2, None)]


def test_lines(written):
    text = "\n".join(json.dumps(record) for record in RECORDS) + "\n\n"
    _, frame = ingested(written(text, "table.ndjson"))
    assert frame.rows() == [("渋谷", 1, 2.5), ("新宿", 2, None)]


def test_keys_that_come_late_or_not_at_all(written):
    _, frame = ingested(written('[{"a": 1}, {"b": 2, "a": 3}, {"c": "x"}]'))
    assert frame.rows() == [(1, None, None), (3, 2, None), (None, None, "x")]


def test_digits_are_kept(written):
    found, frame = ingested(written('[{"a": 12345678901234567890, "b": 0.1234567890123456789, "c": 1E5, "d": 1.50}]'))
    assert dtypes(found) == ["text", "text", "decimal", "decimal"]
    assert frame.row(0) == ("12345678901234567890", "0.1234567890123456789", 1e5, 1.5)


def test_repeated_keys_are_kept(written):
    found, frame = ingested(written('[{"a": 1, "a": 2}, {"a": 3}]'))
    assert frame.rows() == [(1, 2), (3, None)]
    assert "repeated_keys" in reasons(found)


def test_nested_values_are_json_text(written):
    _, frame = ingested(written('[{"a": {"b": [1.50, "日", null, true]}, "c": []}]'))
    assert frame.row(0) == ('{"b":[1.50,"日",null,true]}', "[]")


def test_members_beside_the_table_are_named(written):
    found, _ = ingested(written('{"total": 2, "data": [{"a": 1}], "next": null}'))
    assert details(found, "json_members_left_out") == {"read": "data", "others": ["total", "next"]}


def test_evidence_names_the_line(written):
    found, _ = ingested(written('[\n {"code": "1"},\n {"code": "2"},\n\n {"code": "007"}\n]'))
    assert found.columns[0].evidence == ({"line": 5, "value": "007"},)


NOT_TABULAR = [
    "1",
    '"x"',
    "null",
    "[]",
    "{}",
    "[1, 2]",
    '{"a": 1}',
    '{"a": [{"b": 1}], "c": [{"d": 1}]}',
    "[[]]",
    "[{}]",
]


@pytest.mark.parametrize("text", NOT_TABULAR)
def test_json_that_is_no_table(written, text):
    with pytest.raises(JsonNotTabular):
        ingested(written(text))


BROKEN = [
    *('[{"a": 1}', '[{"a": 1},]', '[{"a": NaN}]', '[{"a": Infinity}]', '[{"a": 01}]', '[{"a": 1.}]', '[{"a": +1}]'),
    *("[{'a': 1}]", '[{"a": "\t"}]', '[{"a": "\\x"}]', '[{"a": 1}] x', '[{"a": 1}}', '[{"a" 1}]', '[{"a": "\\ud800"}]'),
    *('{"data": [{"a": 1}], }', '{"data": [{"a": 1}]', '[{"a": tru}]', '[{"a": 1}\x0c]'),
]


@pytest.mark.parametrize("text", BROKEN)
def test_broken_json_is_refused(written, text):
    with pytest.raises(InvalidJson):
        ingested(written(text))


@pytest.mark.parametrize("text", ["[" * 100_000, '[{"a":' + "[" * 100_000, '{"a":' * 50_000])
def test_depth_is_refused_not_survived_by_luck(written, text):
    with pytest.raises((JsonTooDeep, InvalidJson)):
        ingested(written(text))


def test_a_bad_line_is_kept_aside(written):
    lines = [f'{{"a": {n}}}' for n in range(10)]
    lines[4] = '{"a": oops}'
    lines[7] = "5"
    found, frame = ingested(written("\n".join(lines), "table.jsonl"))
    assert frame["a"].to_list() == [0, 1, 2, 3, 5, 6, 8, 9]
    assert [(r["line"], r["reason"]) for r in found.report["rejected"]] == [(5, "invalid_json"), (8, "not_a_record")]


def test_too_many_bad_lines_are_refused(written):
    with pytest.raises(TooManyBadRows):
        ingested(written('{"a": 1}\nx\ny\nz\n', "table.jsonl"))


def test_records_larger_than_a_piece(written):
    big = "x" * 3_000_000
    _, frame = ingested(written(json.dumps([{"a": "first", "b": 123}, {"a": big, "b": 456}])))
    assert frame["b"].to_list() == [123, 456]
    assert frame["a"][1] == big


def test_many_records(written):
    records = [{"i": i, "v": i / 7, "t": f"s{i % 5}"} for i in range(60_000)]
    _, frame = ingested(written(json.dumps(records)))
    assert frame.to_dicts() == records
