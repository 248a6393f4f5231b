"""The pages in a real browser: they work under the security policy, without a word on the console."""

import shutil

import pytest

from accounts.models import User, default_company
from datasets.models import Dataset
from tests.faces import made

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here"),
]
PASSWORD = "Correct-Horse-9"
WATCH = "addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective))"


@pytest.fixture(scope="module")
def browser():
    with pytest.MonkeyPatch.context() as patch, sync_api.sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop is no reason to refuse the database
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def tab(browser, live_server, settings):
    """A fresh window. ``tab.complaints`` is what the console said and what was asked of other hosts."""
    settings.PUBLIC_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    context = browser.new_context(base_url=live_server.url)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda sent: page.complaints.append(sent.url) if _elsewhere(sent.url, live_server.url) else None)
    yield page
    context.close()


def _elsewhere(url: str, home: str) -> bool:
    return not url.startswith((home, "data:", "blob:"))


@pytest.fixture
def hana(db):
    return User.objects.create_user("hana", "hana@example.com", PASSWORD, company=default_company(), role="admin")


def sign_in(tab, path="/api/v1"):
    tab.goto(f"/login?next={path}")
    tab.fill("[name=username]", "hana")
    tab.fill("[name=password]", PASSWORD)
    tab.click("main button")
    tab.wait_for_url(f"**{path}")


@pytest.mark.parametrize("path", ["/", "/login", "/api/v1", "/docs", "/redoc", "/admin/login/", "/password-reset"])
def test_page_is_silent(tab, path):
    tab.goto(path)
    tab.wait_for_load_state("networkidle")
    assert tab.complaints == []


def test_admin_is_silent(tab, hana):
    User.objects.filter(pk=hana.pk).update(is_staff=True, is_superuser=True)
    job = made.job(made.dataset(hana))
    sign_in(tab, "/admin/")
    for path in ("/admin/", "/admin/analysis/analysisjob/", f"/admin/analysis/analysisjob/{job.pk}/change/"):
        tab.goto(path)
        tab.wait_for_load_state("networkidle")
    assert tab.locator("img.job-chart").evaluate("image => image.complete && image.naturalWidth") > 100
    assert tab.complaints == []


def test_dataset_is_renamed_by_form_and_deleted_after_a_question(tab, hana):
    schema = [{"name": "売上", "dtype": "integer", "role": "measure"}]
    dataset = made.dataset(hana, "before", schema=schema)
    sign_in(tab, f"/api/v1/datasets/{dataset.pk}")
    form = tab.locator("details:has(form[data-send=PATCH])")
    form.locator("summary").click()
    form.get_by_label("Name").fill("店舗別 <after>")
    form.locator("form[data-body=form] button").click()
    answer = tab.locator("#answer")
    answer.get_by_text("200 OK").wait_for()
    assert "店舗別 <after>" in answer.locator("pre").inner_text()
    assert Dataset.objects.get().name == "店舗別 <after>"
    assert Dataset.objects.get().roles == {}, "what was only shown must not become a choice"
    assert form.get_by_label("Name").input_value() == "店舗別 <after>"
    tab.get_by_role("button", name="DELETE", exact=True).click()
    tab.get_by_role("button", name="Keep it").click()
    assert Dataset.objects.count() == 1
    tab.get_by_role("button", name="DELETE", exact=True).click()
    tab.get_by_role("button", name="Delete", exact=True).click()
    tab.wait_for_url("**/api/v1/datasets")
    assert Dataset.objects.count() == 0
    assert tab.complaints == []


def test_tick_is_set_and_taken_away(tab, hana):
    dataset = made.dataset(hana)
    for expected in ("everyone", "owner"):
        sign_in(tab, f"/api/v1/datasets/{dataset.pk}") if expected == "everyone" else tab.reload()
        form = tab.locator("details:has(form[data-send=PATCH])")
        form.locator("summary").click()
        form.get_by_label("Is public").click()
        form.locator("form[data-body=form] button").click()
        tab.locator("#answer").get_by_text("200 OK").wait_for()
        dataset.refresh_from_db()
        assert dataset.shared_with == expected
        assert dataset.name == "sales"


def test_json_form_shows_a_refusal_and_keeps_the_text(tab, hana):
    dataset = made.dataset(hana)
    sign_in(tab, f"/api/v1/datasets/{dataset.pk}")
    form = tab.locator("details:has(form[data-send=PATCH])")
    form.locator("summary").click()
    form.locator("[name=_json]").fill('{"name": ')
    form.locator("form[data-body=json] button").click()
    tab.locator("#answer").get_by_text("parse_error").wait_for()
    assert form.locator("[name=_json]").input_value() == '{"name": '


def test_file_is_uploaded_and_asked_through_the_pages(tab, hana):
    sign_in(tab, "/api/v1/datasets")
    form = tab.locator("details:has(form[data-send=POST])")
    form.locator("summary").click()
    table = "年月日,店舗名,売上\n2024-01-05,北店,100\n2024-01-20,北店,50\n2024-02-03,南店,70\n"
    form.locator("input[type=file]").set_input_files(
        {"name": "売上.csv", "mimeType": "text/csv", "buffer": table.encode("cp932")}
    )
    form.locator("form button").click()
    tab.locator("#answer").get_by_text("201 Created").wait_for()
    dataset = Dataset.objects.get()
    assert (dataset.rows, dataset.name) == (3, "売上")
    tab.goto("/api/v1/analysis/timeseries")
    asked = f'{{"dataset_id": {dataset.pk}, "target_column": "売上"}}'
    tab.locator("[name=_json]").fill(asked)
    tab.locator("form[data-body=json] button").click()
    tab.locator("#answer").get_by_text("200 OK").wait_for()
    answer = tab.locator("#answer pre").inner_text()
    assert "150" in answer and "70" in answer and "2024-02-29" in answer
    tab.locator("#answer .chart img").wait_for()
    assert tab.locator("#answer .chart img").evaluate("image => image.naturalWidth") > 100


def test_query_form_leaves_out_what_is_empty(tab, hana):
    for name in ("apples", "pears"):
        made.dataset(hana, name)
    sign_in(tab, "/api/v1/datasets")
    tab.locator("details:has(form[data-query]) summary").click()
    tab.locator("[data-query] [name=q]").fill("pear")
    tab.locator("[data-query] button").click()
    tab.wait_for_url("**/api/v1/datasets?q=pear")
    body = tab.locator(".exchange pre").first.inner_text()
    assert "pears" in body and "apples" not in body


def test_swagger_signs_in_with_name_and_password_and_asks(tab, hana):
    tab.goto("/docs")
    tab.locator(".schemes .authorize").click()
    window = tab.locator(".modal-ux")
    window.locator("#oauth_username").fill("hana")
    window.locator("#oauth_password").fill(PASSWORD)
    window.locator("button.authorize").first.click()
    window.get_by_text("Authorized").wait_for()
    window.locator(".btn-done").first.click()
    operation = tab.locator(".opblock", has=tab.locator("[data-path='/api/v1/auth/me']"))
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response")
    answer.wait_for()
    assert "200" in answer.inner_text()
    assert "hana@example.com" in answer.inner_text()
    assert tab.complaints == []


def test_redoc_shows_and_finds(tab):
    tab.goto("/redoc")
    tab.get_by_role("heading", name="Log in").first.wait_for()
    tab.get_by_placeholder("Search").press_sequentially("pareto", delay=30)
    tab.locator("[data-role='search:results'] [role=menuitem]").first.wait_for()
    assert tab.complaints == []


def test_register_through_the_page(tab):
    tab.goto("/api/v1/auth/register")
    tab.get_by_label("Email").fill("new@example.com")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.locator("form[data-body=form] button").click()
    tab.locator("#answer").get_by_text("201 Created").wait_for()
    assert User.objects.get().email == "new@example.com"
