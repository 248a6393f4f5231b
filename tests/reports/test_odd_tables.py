"""Tables that leave little to look at, or say things that must not be run: each gets its pages."""

import re
from pathlib import Path

import pytest

from reports.rendering import FORMATS, Titles, complete
from reports.rendering.interactive import library
from tests.reports.tables import examined

ODD = {
    "one row": "a,b\n1,x\n",
    "one column": "a\n" + "\n".join(map(str, range(30))) + "\n",
    "all null": "a,b\n" + ",\n" * 10 + "1,\n",
    "constant": "a,b\n" + "1,x\n" * 50,
    "only text": "a,b\n" + "".join(f"w{at % 5},v{at}\n" for at in range(40)),
    "only dates": "a\n" + "".join(f"2024-01-{1 + at % 28:02d}\n" for at in range(40)),
    "one date": "a,n\n2024-01-01,5\n",
    "booleans": "a,b\n" + "true,false\nfalse,true\n" * 20,
    "tiny and huge": "a\n1e-300\n1e300\n-1e308\n1e308\n5e-324\n",
    "nearly equal": "a\n1.0000000000000002\n1.0000000000000004\n1.0\n",
    "far dates": "a,n\n0001-01-01,1\n9999-12-31,2\n2024-05-05,3\n",
    "two thousand columns": ",".join(f"c{at}" for at in range(2000)) + "\n" + (",".join(["1.5"] * 2000) + "\n") * 3,
    "japanese": "日付,店舗,売上\n2024-01-01,恵比寿,100\n2024-02-01,渋谷,200\n2024-03-01,恵比寿,\n",
    "reserved words": "*,^a$,_row,bits,value\n1,2,3,4,5\n2,3,,5,6\n",
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_odd_tables_have_pages(tmp_path, name, language):
    results = examined(tmp_path, ODD[name])
    score = results["quality"]["score"]
    assert 0 <= score <= 100
    for draw in FORMATS.values():
        html = draw(results, Titles("Odd"), language)
        assert html.startswith("<!DOCTYPE html>")
        assert len(html) < 1_500_000


def payloads():
    here = Path(__file__).parents[2] / "../shared/corpus"
    found = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</title><svg onload=alert(1)>",
             "javascript:alert(1)", "{{7*7}}{% load x %}", "]]><script>", "<!--", "<a href='https://x.example'>x</a>",
             "%(rows)s", "%s%d", "</script><script>alert(1)</script>", "\u202eabc"]  # fmt: skip
    for path in sorted(here.glob("payloads/XSS*/*")) if here.is_dir() else []:
        found += path.read_text(encoding="utf-8", errors="replace").splitlines()[:60]
    for path in sorted(here.glob("blns/*.txt")) if here.is_dir() else []:
        found += [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [one for one in dict.fromkeys(found) if one.strip()][:1000]


def hostile():
    """A table whose column names and values all try to run something."""
    words = payloads()
    quoted = ['"' + word.replace('"', '""').replace("\x00", "") + '"' for word in words]
    names = ",".join(["day", *quoted[:20]])
    rows = "".join(
        f"2024-01-{1 + at % 28:02d}," + ",".join(quoted[(at + place) % len(quoted)] for place in range(10))
        + "," + ",".join(str((at * place) % 17) for place in range(10)) + "\n"
        for at in range(60)
    )  # fmt: skip
    return names + "\n" + rows


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_texts_stay_texts(tmp_path, name):
    results = examined(tmp_path, hostile(), max_plots=50)
    title = "</title><script>alert(1)</script>"
    html = FORMATS[name](results, Titles(title, title), "en")
    bare = html.replace("<script data-place=library></script>", "")
    scripts = re.findall(r"<script[^>]*>", bare)
    assert scripts == ([] if name == "html" else ['<script type="application/json" id="figures">', "<script>"])
    tags = set(re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", re.sub(r"<script.*?</script>", "", bare, flags=re.DOTALL)))
    assert not tags & {"img", "iframe", "object", "embed", "base", "audio", "video", "input"}
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", re.sub(r'"[^"]*"', '""', bare))
    assert set(re.findall(r'href="([^"]*)"', bare)) <= {
        f"#{one}" for one in ("findings", "alerts", "target", "time", "correlations", "missing", "columns", "quality")
    }


def test_the_interactive_page_is_small_enough(tmp_path):
    results = examined(tmp_path, ODD["japanese"])
    html = complete(FORMATS["interactive"](results, Titles("Size"), "en"))
    assert library() in html
    assert len(html.encode()) < 3_000_000
