from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.engine.running import Step, StepFailed, run
from cleaning.operations import InvalidStep, merge_categories, parse
from cleaning.operations.merge_categories import fingerprint
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells


def merged(texts, **params):
    done = applied(*frame(t=("text", texts)), "merge_categories", columns=["t"], **params)
    return cells(done.frame)["t"]


SAME = [
    ("Tokyo", "tokyo", "ＴＯＫＹＯ", " Tokyo ", "Tokyo.", "TOKYO!"),
    ("Tom Cruise", "Cruise, Tom", "tom  cruise", "Tom tom Cruise"),
    ("㈱アオキ", "(株)アオキ", "（株） アオキ", "株式会社アオキ", "株式会社　アオキ", "株式会社 ｱｵｷ"),
    ("㈲ナカ", "有限会社ナカ", "(有)ナカ"),
    ("サーバー", "サーバ", "ｻｰﾊﾞｰ", "サ-バ-", "サ―バー", "サーバ−"),
    ("スター・ウォーズ", "スターウォーズ", "スター ウォーズ"),
    ("東京 本社", "東京本社", "東京　本社"),
    ("A-1", "A1", "a‐1", "Ａ－１"),
    ("coca-cola", "CocaCola", "Coca–Cola"),
    ("O'Neil", "ONeil", "o’neil"),
    ("3-5月", "3–5 月"),
]
APART = [
    ("1-10", "11-0", "10-1", "110", "1.10", "1 10"),
    ("-5", "5", "+5", "<5", ">5", "5%", "$5"),
    ("1.5", "15", "1-5"),
    ("A1 B2", "A2 B1"),
    ("A", "A-", "A+", "A*"),
    ("C", "C#", "C++"),
    ("バー", "バ"),
    ("タワー", "タワ"),
    ("か", "が"),
    ("スキー", "スキ"),
    ("!", "?", "-", "…"),
    ("New York", "NewYork"),
    ("1 1", "1"),
    ("第1課", "第2課", "第一課"),
    ("2024-01-31", "2024-01-13"),
    ("", " "),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda one: one[0])
def test_spellings_of_one_category(spellings):
    assert {fingerprint(one) for one in spellings} == {fingerprint(spellings[0])}
    assert merged([*spellings, spellings[0]]) == [spellings[0]] * (len(spellings) + 1)


@pytest.mark.parametrize("spellings", APART, ids=lambda one: one[0])
def test_what_is_not_merged(spellings):
    assert len({fingerprint(one) for one in spellings}) == len(spellings)
    assert merged(list(spellings)) == list(spellings)


@given(st.lists(st.integers(0, 99), min_size=1, max_size=4), st.sampled_from(["-", "/", ".", " ", ",", "の", "x"]))
def test_numbers_in_another_order_stay_apart(numbers, between):
    written = {between.join(map(str, order)) for order in permutations(numbers)}
    assert len({fingerprint(one) for one in written}) == len(written)


def test_the_most_frequent_spelling_wins_and_the_first_of_equals():
    assert merged(["x", "X.", "X.", None, "b", "B"]) == ["X.", "X.", "X.", None, "b", "b"]
    assert merged(["B", "b", "b", "B"]) == ["B"] * 4


def test_each_column_has_its_own_spellings():
    table = frame(a=("text", ["x", "X", "X"]), b=("text", ["x", "x", "X"]), c=("text", ["x", "X", "X"]))
    done = applied(*table, "merge_categories", columns=["a", "b"])
    assert cells(done.frame) == {"a": ["X"] * 3, "b": ["x"] * 3, "c": ["x", "X", "X"]}


def test_new_spellings_next_month():
    made = parse("merge_categories", {"columns": ["t"]})
    fitted = run(*frame(t=("text", ["Tokyo", "Tokyo", "tokyo"])), [Step(1, made)]).done[0].fitted
    assert fitted == {"spellings": {"t": {"tokyo": "Tokyo"}}}
    later = run(*frame(t=("text", ["TOKYO", "tokyo", "tokyo", "Osaka", "osaka", None])), [Step(1, made, fitted)])
    assert cells(later.frame) == {"t": ["Tokyo", "Tokyo", "Tokyo", "Osaka", "osaka", None]}


def test_groups_are_taken_to_the_letter():
    groups = [{"into": "east", "values": ["Tokyo", "east", "Chiba "]}, {"into": "Tokyo-to", "values": ["T"]}]
    assert merged(["Tokyo", "tokyo", "Chiba", "Chiba ", "T", None], groups=groups) == [
        "east", "tokyo", "Chiba", "east", "Tokyo-to", None
    ]  # fmt: skip
    assert merged(["x"], groups=[{"into": "x", "values": ["x"]}]) == ["x"]


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [{"into": "a", "values": []}],
        [{"into": "", "values": ["a"]}],
        [{"into": "a", "values": ["x"]}, {"into": "b", "values": ["x"]}],
        [{"into": "a", "values": ["b"]}, {"into": "b", "values": ["c"]}],
        [{"into": "a", "values": ["b"], "more": 1}],
        [{"into": 1, "values": ["b"]}],
    ],
)
def test_groups_that_say_nothing_or_two_things(groups):
    with pytest.raises(InvalidStep):
        parse("merge_categories", {"columns": ["t"], "groups": groups})


def test_refusals(monkeypatch):
    assert failing(*frame(n=("integer", [1])), "merge_categories", columns=["n"]) == "column_has_wrong_type"
    monkeypatch.setattr(merge_categories, "MOST_LEARNED", 3)
    table = frame(a=("text", ["p", "q", "P"]), b=("text", ["r", "s", "s"]))
    with pytest.raises(StepFailed) as refusal:
        run(*table, [Step(1, parse("merge_categories", {"columns": ["a", "b"]}))])
    assert refusal.value.details["details"] == {"column": "b", "categories": 4, "limit": 3}
    assert cells(run(*table, [Step(1, parse("merge_categories", {"columns": ["a"]}))]).frame)["a"] == ["p", "q", "p"]


SPELLINGS = st.sampled_from([one for group in SAME for one in group])


@settings(max_examples=25)
@given(tables(["text", "text", "integer"]), st.data())
def test_any_table_as_the_snippet_has_it(table, data):
    frame_, dtypes = table
    columns = [name for name, dtype in dtypes.items() if dtype == "text"]
    for name in columns:
        frame_[name] = [data.draw(SPELLINGS | st.just(cell)) for cell in frame_[name]]
        frame_[name] = frame_[name].astype("str")
    known = [one for one in frame_[columns[0]].dropna().unique() if one]
    if known and data.draw(st.booleans()):
        groups = [{"into": "merged", "values": known[:3]}] + [{"into": "it's", "values": [one]} for one in known[3:4]]
        applied(frame_, dtypes, "merge_categories", columns=columns, groups=groups)
    applied(frame_, dtypes, "merge_categories", columns=columns)
