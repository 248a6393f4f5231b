import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.operations import InvalidStep, parse
from tests.cleaning.operations.checking import WORDS, applied, failing, frame, tables
from tests.cleaning.snippets import cells

OFF = {"trim": False, "spaces": False, "width": False}


def written(texts, **params):
    done = applied(*frame(t=("text", texts)), "normalise_text", columns=["t"], **params)
    assert done.dtypes == {"t": "text"}
    return cells(done.frame)["t"]


@pytest.mark.parametrize(
    ("params", "given_", "expected"),
    [
        ({}, "　Ａｏｋｉ　　ﾄﾞｯﾄ\t１２\n", "Aoki ドット 12"),
        ({**OFF, "trim": True}, "　 a  b　", "a  b"),
        ({**OFF, "spaces": True}, "\u3000\u00a0a \r\n\t b ", " a b "),
        ({**OFF, "width": True}, " ｱ①㌔ ", " ア1キロ "),
        ({**OFF, "case": "lower"}, "ÀＢc ", "àｂc "),
        ({**OFF, "case": "upper"}, "straße", "STRASSE"),
        ({**OFF, "case": "title"}, "o'neil's  mcDONALD 3rd été-à x", "O'neil's  Mcdonald 3Rd Été-À X"),
        ({}, " \u3000\t", None),
        ({}, "", None),
        ({**OFF, "case": "lower"}, " ", " "),
    ],
)
def test_each_switch_by_itself(params, given_, expected):
    assert written([given_, None, "x"], **params)[:2] == [expected, None]


@pytest.mark.parametrize("width", [True, False])
@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("㈱アオキ", "株式会社アオキ"),
        ("アオキ㈱", "アオキ株式会社"),
        ("（株）アオキ", "株式会社アオキ"),
        ("(株) アオキ", "株式会社アオキ"),
        ("( 株 )　アオキ", "株式会社アオキ"),
        ("（株．）アオキ", "株式会社アオキ"),
        ("㍿アオキ", "株式会社アオキ"),
        ("株 式　会社 アオキ", "株式会社アオキ"),
        (" 株式会社　アオキ ", "株式会社アオキ"),
        ("アオキ 株式会社", "アオキ株式会社"),
        ("アオキ（株） 東京支店", "アオキ株式会社 東京支店"),
        ("アオキ 株式会社 東京支店", "アオキ株式会社 東京支店"),
        ("東京 株式会社アオキ", "東京 株式会社アオキ"),
        ("㈲ アオキ", "有限会社アオキ"),
        ("アオキ(有)", "アオキ有限会社"),
        ("有 限 会 社アオキ", "有限会社アオキ"),
        ("株式会社", "株式会社"),
        ("株 価", "株 価"),
        ("有限", "有限"),
    ],
)
def test_company_forms(width, given_, expected):
    assert written([given_], company=True, width=width) == [expected]
    assert written([expected], company=True, width=width) == [expected], "writing alike twice changes nothing more"


def test_without_company_nothing_is_expanded():
    assert written(["㈱アオキ", "在庫(有)"]) == ["(株)アオキ", "在庫(有)"]


def test_a_column_of_blanks_and_one_of_nothing():
    assert written([" ", None, "\n"]) == [None, None, None]
    assert written([None, None]) == [None, None]


def test_refusals():
    assert failing(*frame(n=("integer", [1])), "normalise_text", columns=["n"]) == "column_has_wrong_type"
    with pytest.raises(InvalidStep):
        parse("normalise_text", {"columns": ["t"], **OFF})


@settings(max_examples=25)
@given(tables(["text", "integer", "text"]), st.data())
def test_any_table_as_the_snippet_has_it(table, data):
    frame_, dtypes = table
    params = data.draw(st.fixed_dictionaries({name: st.booleans() for name in ("trim", "spaces", "width", "company")}))
    case = data.draw(st.sampled_from(["lower", "upper", "title", None] if any(params.values()) else ["lower", "title"]))
    columns = [name for name, dtype in dtypes.items() if dtype == "text"]
    applied(frame_, dtypes, "normalise_text", columns=columns, case=case, **params)


@given(WORDS | st.text())
def test_the_default_is_what_it_says(text):
    made = parse("normalise_text", {"columns": ["t"]}).normal(text)  # type: ignore[attr-defined]
    assert made == (" ".join(unicodedata.normalize("NFKC", text).split()) or None)
