"""Each way to write a value, and each way to lose one."""

from datetime import UTC, date, datetime

import pytest

from tabular.typing import conversion
from tabular.typing.override import TypeOverrideFailed, UnknownType, UnknownTypedColumn
from tabular.typing.reasons import Reason
from tests.tabular.columns import decided, decided_table

NUMBERS = [
    (["1", "-5", "0", None], "integer", [1, -5, 0, None]),
    (["999999999999999", "-999999999999999"], "integer", [999999999999999, -999999999999999]),
    (["1.5", "2", ".5", "-0.25"], "decimal", [1.5, 2.0, 0.5, -0.25]),
    (["1,200", "300", "12,345,678"], "integer", [1200, 300, 12345678]),
    (["12,34,567", "5"], "integer", [1234567, 5]),
    (["1'200.50", "3"], "decimal", [1200.5, 3.0]),
    (["1.234,56", "12,5", "-3,0", "7"], "decimal", [1234.56, 12.5, -3.0, 7.0]),
    (["¥1,200", "￥300", "0"], "integer", [1200, 300, 0]),
    (["1,200円", "▲1,200円", "△5"], "integer", [1200, -1200, -5]),
    (["$1,200.50", "-$3", "$-4"], "decimal", [1200.5, -3.0, -4.0]),
    (["(1,200)", "1,500"], "integer", [-1200, 1500]),
    (["(5)", "7"], "integer", [-5, 7]),
    (["12%", "3.5%"], "decimal", [12.0, 3.5]),
    (["１２３", "－４５", "６，７８９"], "integer", [123, -45, 6789]),
    (["−5", "3"], "integer", [-5, 3]),
    (["  1", " 20", "300"], "integer", [1, 20, 300]),
    (["1e-05", "2.5E+7"], "decimal", [1e-05, 2.5e7]),
    (["0.1", "0.10000000000000001"], "decimal", [0.1, 0.1]),
    (["1", "NA", "-", "n/a", "#N/A", "NaN", "null", "None", " "], "integer", [1] + [None] * 8),
]


@pytest.mark.parametrize(("texts", "dtype", "values"), NUMBERS)
def test_numbers(texts, dtype, values):
    decision, found = decided(texts)
    assert (decision.column.dtype, found) == (dtype, values)


TEXTS = [
    (["1", "00123", "5"], Reason.LEADING_ZERO, (3, "00123")),
    (["1", "-007"], Reason.LEADING_ZERO, (3, "-007")),
    (["1.5", "01.5"], Reason.LEADING_ZERO, (3, "01.5")),
    (["1", "1234567890123456"], Reason.LONG_INTEGER, (3, "1234567890123456")),
    (["1.5", "1234567890123456789"], Reason.LONG_INTEGER, (3, "1234567890123456789")),
    (["1,234,567,890,123,456", "5"], Reason.LONG_INTEGER, (2, "1,234,567,890,123,456")),
    (["0.1", "3.14159265358979312"], Reason.INEXACT, (3, "3.14159265358979312")),
    (["1.5", "1e-400"], Reason.INEXACT, (3, "1e-400")),
    (["1E5", "2E7"], Reason.EXPONENT, (2, "1E5")),
    (["(1)", "(2)"], Reason.BRACKETS, (2, "(1)")),
    (["12%", "3.5"], Reason.UNITS_DIFFER, (2, "12%")),
    (["$5", "€6"], Reason.UNITS_DIFFER, (2, "$5")),
    (["1,5", "2.5"], Reason.MARKS_DIFFER, (2, "1,5")),
    (["1", "abc"], Reason.TEXT, (3, "abc")),
    (["US", "NA"], Reason.TEXT, (2, "US")),
    (["NA", "-"], Reason.ONLY_MARKERS, None),
    ([None, None], Reason.EMPTY, None),
    (["100  ", "10001"], Reason.TEXT, (2, "100  ")),
    (["+819012345678", "1"], Reason.TEXT, (2, "+819012345678")),
    (["inf", "1.5"], Reason.TEXT, (2, "inf")),
    (["1_000", "2"], Reason.TEXT, (2, "1_000")),
    (["12,34", "0,123.5"], Reason.TEXT, (3, "0,123.5")),
    (["1.2万", "3"], Reason.TEXT, (2, "1.2万")),
    (["true", "NA"], Reason.MIXED, None),
    (["true", "1"], Reason.MIXED, (2, "true")),
    (["2024-01-05", "5"], Reason.MIXED, (2, "2024-01-05")),
    (["15:04", "16:05"], Reason.TEXT, (2, "15:04")),
    (["2024-02-30", "2024-01-01"], Reason.NOT_A_DAY, (2, "2024-02-30")),
    (["平成32年1月1日", "令和2年1月1日"], Reason.NOT_A_DAY, (2, "平成32年1月1日")),
    (["2024年1月5日(土)", "2024/1/6(土)"], Reason.NOT_A_DAY, (2, "2024年1月5日(土)")),
    (["2024-01-31T15:04:05.123456789"], Reason.NOT_A_DAY, (2, "2024-01-31T15:04:05.123456789")),
    (["01/02/2024", "03/02/2024"], Reason.DAY_OR_MONTH, (2, "01/02/2024")),
    (["13/02/2024", "02/13/2024"], Reason.DAY_AND_MONTH, (2, "13/02/2024")),
    (["2024-01-31T15:04:05Z", "2024-02-01T00:00:00"], Reason.OFFSETS_MIXED, (2, "2024-01-31T15:04:05Z")),
    (["05/01/24", "06/01/24"], Reason.TEXT, (2, "05/01/24")),
    (["2024-01", "2024-02"], Reason.TEXT, (2, "2024-01")),
    (["R6-1-5", "H1-2-3"], Reason.TEXT, (2, "R6-1-5")),
]


@pytest.mark.parametrize(("texts", "reason", "evidence"), TEXTS)
def test_what_stays_text_and_why(texts, reason, evidence):
    decision, found = decided(texts)
    assert (decision.column.dtype, decision.column.reason, found) == ("text", reason, texts)
    if evidence:
        assert decision.column.evidence[0] == {"line": evidence[0], "value": evidence[1]}


def day(*parts):
    return date(*parts)


DATES = [
    (["2024-01-05", "2024/1/6", "2024.1.7", "2024年1月8日"], [day(2024, 1, n) for n in (5, 6, 7, 8)]),
    (["２０２４年１月５日", "2024年 1月 6日"], [day(2024, 1, 5), day(2024, 1, 6)]),
    (["令和6年1月5日", "R6.1.6", "令6.1.7", "㋿6年1月8日"], [day(2024, 1, n) for n in (5, 6, 7, 8)]),
    (["平成元年1月8日", "昭和64年1月7日", "平成31年4月30日"], [day(1989, 1, 8), day(1989, 1, 7), day(2019, 4, 30)]),
    (["令和元年5月1日", "大正15年12月25日", "S1.12.25"], [day(2019, 5, 1), day(1926, 12, 25), day(1926, 12, 25)]),
    (["13/02/2024", "01/02/2024"], [day(2024, 2, 13), day(2024, 2, 1)]),
    (["02/13/2024", "1/2/2024"], [day(2024, 2, 13), day(2024, 1, 2)]),
    (["05/05/2024", "06/06/2024"], [day(2024, 5, 5), day(2024, 6, 6)]),
    (["05.01.2024", "06.01.2024"], [day(2024, 1, 5), day(2024, 1, 6)]),
    (
        ["Jan 1 2000", "5 February 2001", "Mar 3rd, 2010", "4-May-2011"],
        [day(2000, 1, 1), day(2001, 2, 5), day(2010, 3, 3), day(2011, 5, 4)],
    ),
    (["2024年1月5日(金)", "2024/1/6（土）"], [day(2024, 1, 5), day(2024, 1, 6)]),
    (["2024-01-05", "NA", None], [day(2024, 1, 5), None, None]),
    (["2024-02-29"], [day(2024, 2, 29)]),
    (["0001-01-01", "9999-12-31"], [day(1, 1, 1), day(9999, 12, 31)]),
]


@pytest.mark.parametrize(("texts", "values"), DATES)
def test_dates(texts, values):
    decision, found = decided(texts)
    assert (decision.column.dtype, found) == ("date", values)


TIMES = [
    (["2024-01-31T15:04:05", "2024-02-01 00:00:00"], [datetime(2024, 1, 31, 15, 4, 5), datetime(2024, 2, 1)]),
    (["2024/01/31 15:04", "2024-02-01"], [datetime(2024, 1, 31, 15, 4), datetime(2024, 2, 1)]),
    (["2024年1月5日 13時5分", "2024年1月5日13時5分6秒"], [datetime(2024, 1, 5, 13, 5), datetime(2024, 1, 5, 13, 5, 6)]),
    (["2024年1月5日 午後1時5分", "2024年1月5日 午前0時"], [datetime(2024, 1, 5, 13, 5), datetime(2024, 1, 5)]),
    (["1/25/2024 3:04 PM", "1/26/2024 12:00 AM"], [datetime(2024, 1, 25, 15, 4), datetime(2024, 1, 26)]),
    (
        ["2024-01-31T15:04:05.5", "2024-01-31T15:04:05.000001"],
        [datetime(2024, 1, 31, 15, 4, 5, 500000), datetime(2024, 1, 31, 15, 4, 5, 1)],
    ),
    (
        ["2024-01-31T15:04:05+09:00", "2024-02-01T00:00:00Z", "2024-02-01 00:00:00.5 -0330"],
        [
            datetime(2024, 1, 31, 6, 4, 5, tzinfo=UTC),
            datetime(2024, 2, 1, tzinfo=UTC),
            datetime(2024, 2, 1, 3, 30, 0, 500000, tzinfo=UTC),
        ],
    ),
]


@pytest.mark.parametrize(("texts", "values"), TIMES)
def test_times(texts, values):
    decision, found = decided(texts)
    assert (decision.column.dtype, found) == ("datetime", values)


@pytest.mark.parametrize("text", ["2024-01-31T24:00", "2024-01-31T12:60", "2024-01-31T12:00:60", "1/25/2024 13:00 PM"])
def test_a_time_that_does_not_exist_stays_text(text):
    assert decided([text, "2024-01-31 12:00"])[0].column.dtype == "text"


@pytest.mark.parametrize(("name", "dtype"), [("Date", "date"), ("売上日", "date"), ("code", "integer")])
def test_eight_digits_are_a_date_where_the_header_says_so(name, dtype):
    assert decided(["20240105", "20240106"], name)[0].column.dtype == dtype


def test_eight_digits_that_are_no_days_stay_numbers():
    assert decided(["20240105", "20241399"], "date")[0].column.dtype == "integer"


def test_booleans_are_true_and_false_only():
    decision, found = decided(["true", "FALSE", "True", None])
    assert (decision.column.dtype, found) == ("boolean", [True, False, True, None])
    assert decided(["yes", "no"])[0].column.dtype == "text"
    assert decided(["1", "0"])[0].column.dtype == "integer"


def test_the_caller_says_that_the_day_comes_first():
    texts = ["01/02/2024", "03/02/2024"]
    assert decided(texts, dayfirst=True)[1] == [date(2024, 2, 1), date(2024, 2, 3)]
    assert decided(texts, dayfirst=False)[1] == [date(2024, 1, 2), date(2024, 3, 2)]


def test_values_that_refute_the_caller_win_and_it_is_said():
    decision, found = decided(["01/25/2024", "02/01/2024"], dayfirst=True)
    assert found == [date(2024, 1, 25), date(2024, 2, 1)]
    assert [w["reason"] for w in decision.warnings] == ["dayfirst_refuted"]


def test_markers_are_reported_with_their_first_line():
    decision, _ = decided(["1", "NA", "-", "NA"])
    [warning] = decision.warnings
    assert warning == {"reason": "missing_markers", "details": {"column": "x", "count": 3, "markers": ["-", "NA"]}}
    assert {"line": 3, "value": "NA"} in decision.column.evidence


def test_na_values_are_null_everywhere():
    assert decided(["x", "-9", "NA"], na_values=("-9", "NA"))[1] == ["x", None, None]
    assert decided(["1", "-9", "2"], na_values=("-9",))[1] == [1, None, 2]
    assert decided(["00123", "-9"], na_values=("-9",))[1] == ["00123", None]


def test_units_are_reported():
    decision, _ = decided(["12%", "3%"])
    assert [w["details"]["unit"] for w in decision.warnings] == ["%"]


def test_the_last_of_many_rows_decides():
    whole = [str(n) for n in range(5000)]
    decision, found = decided([*whole, "00123"])
    assert (decision.column.dtype, decision.column.reason) == ("text", Reason.LEADING_ZERO)
    assert decision.column.evidence == ({"line": 5002, "value": "00123"},)
    assert found == [*whole, "00123"]
    assert decided([*whole, "2.5"])[1][-2:] == [4999.0, 2.5]
    assert decided([*whole, "x"])[0].column.evidence == ({"line": 5002, "value": "x"},)
    assert decided(["01/02/2024"] * 5000 + ["13/02/2024"])[1][0] == date(2024, 2, 1)


def test_a_file_with_decimal_commas_reads_the_doubtful_columns_so_too():
    decisions, frame = decided_table(
        {"a": ["1,5", "2,25"], "b": ["1,234", "5,678"], "c": ["1.234", "5.678"], "d": ["7", "8"]}, delimiter=";"
    )
    assert [d.column.dtype for d in decisions] == ["decimal", "decimal", "text", "integer"]
    assert frame["b"].to_list() == [1.234, 5.678]
    assert decisions[2].column.reason == Reason.MARKS_UNDECIDED


OVERRIDES = [
    ("integer", ["00123", "5", "1,200円", "x"], [123, 5, 1200, None], ["x"]),
    ("integer", ["1", "1234567890123456"], [1, None], ["1234567890123456"]),
    ("integer", ["1.0", "2.5"], [1, None], ["2.5"]),
    ("int64", ["1234567890123456789", "2"], [1234567890123456789, 2], []),
    ("int64", ["9223372036854775808", "2"], [None, 2], ["9223372036854775808"]),
    ("decimal", ["1.5", "3.14159265358979312", "y", "NA"], [1.5, None, None, None], ["3.14159265358979312", "y"]),
    ("boolean", ["true", "no", "FALSE"], [True, None, False], ["no"]),
    (
        "date",
        ["2024-01-05", "20240106", "2024-01-05 12:00", "z"],
        [date(2024, 1, 5), date(2024, 1, 6), None, None],
        ["2024-01-05 12:00", "z"],
    ),
    ("datetime", ["2024-01-05", "2024-01-06 12:30"], [datetime(2024, 1, 5), datetime(2024, 1, 6, 12, 30)], []),
    ("text", ["1", "NA", None], ["1", "NA", None], []),
]


@pytest.mark.parametrize(("dtype", "texts", "values", "unfit"), OVERRIDES)
def test_the_caller_decides_the_type_and_misfits_are_reported(dtype, texts, values, unfit):
    decision, found = decided(texts, types={"x": dtype})
    assert (decision.column.dtype, found) == ("integer" if dtype == "int64" else dtype, values)
    said = [w["details"] for w in decision.warnings if w["reason"] == "values_not_of_type"]
    assert [e["value"] for details in said for e in details["examples"]] == unfit
    assert [details["count"] for details in said] == ([len(unfit)] if unfit else [])


def test_an_override_that_fits_nothing_is_refused():
    with pytest.raises(TypeOverrideFailed):
        decided(["a", "b"], types={"x": "integer"})
    with pytest.raises(UnknownType):
        decided(["a"], types={"x": "float"})
    with pytest.raises(UnknownTypedColumn):
        decided(["a"], types={"y": "text"})


def test_many_rows_are_written_group_by_group_with_equal_values(monkeypatch):
    texts = {"d": [f"2024/1/{1 + n % 28}" for n in range(1000)], "n": [str(n) for n in range(1000)]}
    texts["t"] = [f"2024-01-01T00:00:{n % 60:02d}Z" for n in range(1000)]
    whole = decided_table(texts)[1]
    monkeypatch.setattr(conversion, "_MANY_ROWS", 10)
    monkeypatch.setattr(conversion, "_ROW_GROUP", 300)
    grouped = decided_table(texts)[1]
    assert grouped.schema == whole.schema
    assert grouped.equals(whole)
