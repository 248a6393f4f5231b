"""Finished pages in a real browser: silent, nothing asked of anybody, nothing run that a table says."""

import shutil

import pytest

from reports.rendering import FORMATS, Titles, complete
from tests.reports.tables import examined
from tests.reports.test_odd_tables import ODD, hostile

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here")]
WATCH = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt"]) window[name] = (what) => window.ran.push(String(what));
addEventListener("securitypolicyviolation", (event) => console.error("policy: " + event.violatedDirective));
"""


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("table", ["japanese", "hostile"])
def test_a_page_is_silent(browser, tmp_path, table, name):
    results = examined(tmp_path, hostile() if table == "hostile" else ODD[table], max_plots=50)
    file = tmp_path / "page.html"
    title = "</title><script>alert(1)</script>"
    file.write_text(complete(FORMATS[name](results, Titles(title, title), "ja")), encoding="utf-8")
    context = browser.new_context(viewport={"width": 390, "height": 800})
    context.add_init_script(WATCH)
    page, said = context.new_page(), []
    page.on("console", lambda one: said.append(one.text))
    page.on("pageerror", lambda one: said.append(str(one)))
    page.on("request", lambda one: None if one.url.startswith(("file:", "data:", "blob:")) else said.append(one.url))
    page.goto(file.as_uri())
    page.wait_for_timeout(1500)
    assert said == []
    assert page.evaluate("window.ran") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    drawn = page.locator(".js-plotly-plot" if name == "interactive" else "figure svg").count()
    assert drawn >= 2
    context.close()
