"""The browsable API: links that work, forms from the documented requests, paging, who is signed in."""

import html as markup
import re

import pytest

from accounts.models import User
from core.browse import breadcrumbs
from core.templatetags.faces import json_page
from jobs.models import Job
from tests.faces import made
from tests.faces.people import page, visitor

pytestmark = pytest.mark.django_db


def test_page_shows_the_exchange():
    html = page(visitor("hana"), "/api/v1/users/me")
    assert "<b>GET</b> /api/v1/users/me" in html
    assert "200 OK" in html
    assert "hana@example.com" in html


def test_stranger_is_asked_to_sign_in_and_led_back():
    html = page(visitor(), "/api/v1/datasets?limit=5", 401)
    assert "/login?next=/api/v1/datasets%3Flimit%3D5" in html
    assert "not_authenticated" in html


def test_public_page_knows_who_is_signed_in():
    html = page(visitor("hana"), "/api/v1")
    assert "Sign out" in html
    assert ">hana<" in html


def test_list_links_each_item_and_pages():
    client = visitor("hana")
    for name in ("a", "b", "c"):
        made.dataset(User.objects.get(username="hana"), name)
    html = page(client, "/api/v1/datasets?limit=1&offset=1")
    middle = sorted(User.objects.get(username="hana").datasets.values_list("pk", flat=True))[1]
    assert f'<a class="json-number" href="/api/v1/datasets/{middle}">{middle}</a>' in html
    assert "3 in all" in html
    for rel in ("prev", "next"):
        target = markup.unescape(re.search(rf'<a rel="{rel}" href="[^"]*?(/api[^"]*)"', html)[1])
        assert client.get(target).status_code == 200


def test_address_that_takes_only_post_shows_its_form_instead_of_an_error():
    html = page(visitor(), "/api/v1/auth/register", 405)
    assert "method_not_allowed" not in html
    assert 'data-send="POST"' in html
    assert 'name="email"' in html
    assert '"password"' in markup.unescape(re.search(r"<textarea.*?</textarea>", html, re.DOTALL)[0])


def test_question_has_a_form_of_its_own_with_an_example():
    html = page(visitor("hana"), "/api/v1/analysis/timeseries", 405)
    assert re.search(r'<input name="target_column"', html)
    chosen = re.search(r'<select [^>]*name="aggregation".*?</select>', html, re.DOTALL)[0]
    assert re.findall(r'value="(\w*)" selected', chosen) == ["monthly"]
    assert '"target_column"' in markup.unescape(re.search(r"<textarea.*?</textarea>", html, re.DOTALL)[0])


def test_choice_without_a_default_starts_empty():
    html = page(visitor("hana"), "/api/v1/analysis/histogram", 405)
    chosen = re.search(r'<select [^>]*name="fit".*?</select>', html, re.DOTALL)[0]
    assert re.findall(r'value="(\w*)" selected', chosen) == [""]


def test_upload_form_takes_a_file_and_no_json():
    html = page(visitor("hana"), "/api/v1/datasets")
    assert re.search(r'<input name="file"[^>]*type="file"', html)
    assert "<textarea" not in html


def test_change_forms_hold_what_is_there():
    client = visitor("hana")
    dataset = made.dataset(User.objects.get(username="hana"), "店舗別")
    html = page(client, f"/api/v1/datasets/{dataset.pk}")
    assert 'data-send="PATCH"' in html
    assert re.search(r'<input name="name"[^>]*value="店舗別"', html)
    assert 'data-send="DELETE"' in html


def test_query_form_offers_what_is_documented():
    html = page(visitor("hana"), "/api/v1/datasets?q=x")
    assert re.search(r'<input name="q" value="x"', html)
    assert re.search(r'<select name="ordering"', html)


def test_text_of_people_is_escaped_everywhere():
    client = visitor("hana")
    evil = "<script>alert(1)</script>"
    dataset = made.dataset(User.objects.get(username="hana"), evil)
    for path in ("/api/v1/datasets", f"/api/v1/datasets/{dataset.pk}"):
        assert evil not in page(client, path)


def test_finished_job_is_shown_with_its_chart_and_background_work_without():
    client = visitor("hana")
    owner = User.objects.get(username="hana")
    job = made.job(made.dataset(owner))
    unfinished = made.job(job.dataset, "histogram", status="running", body=None)
    work = Job.objects.create(kind="ingest", owner=owner, status="succeeded", result={"rows": 1})
    chart = f'<img src="/api/v1/analysis/jobs/{job.pk}/chart?format=svg"'
    assert chart in page(client, f"/api/v1/analysis/jobs/{job.pk}")
    assert "/chart?format=svg" not in page(client, f"/api/v1/analysis/jobs/{unfinished.pk}")
    html = page(client, f"/api/v1/jobs/{work.pk}")
    assert "/chart?format=svg" not in html
    assert f'"job_id"</span>: <a class="json-number" href="/api/v1/jobs/{work.pk}">' in html.replace("&quot;", '"')


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1", ["/api/v1"]),
        ("/api/v1/datasets/7/rows", ["/api/v1", "/api/v1/datasets", "/api/v1/datasets/7", "/api/v1/datasets/7/rows"]),
        ("/api/analysis/jobs/", ["/api", "/api/analysis/jobs"]),
    ],
)
def test_breadcrumbs_are_addresses(path, expected):
    assert [url for _, url in breadcrumbs(path)] == expected


def test_json_keeps_its_text():
    text = '{\n  "a": "x: \\"1\\" <b>",\n  "b": [-1.5e3, true, null, 12],\n  "日付": ""\n}'
    shown = re.sub(r"</?(?:a|span)[^>]*>", "", json_page(text, "/api/v1/x"))
    assert markup.unescape(shown) == text


def test_json_links_only_what_exists(settings):
    text = f'{{"url": "{settings.PUBLIC_URL}/docs", "evil": "javascript:alert(1)", "dataset_id": 5, "nothing_id": 5}}'
    links = re.findall(r'href="([^"]*)"', json_page(text, "/api/v1/x"))
    assert links == ["/docs", "/api/v1/datasets/5"]


def test_every_address_has_a_page():
    client = visitor("hana", role="admin")
    made.job(made.dataset(User.objects.get(username="hana")))
    document = client.get("/api/v1/openapi.json").json()
    seen = {}
    for path in document["paths"]:
        asked = re.sub(r"\{\w*id\}", "1", path).replace("{token}", "x")
        response = client.get(asked)
        seen[asked] = response.status_code
        assert response.status_code != 500, (asked, response.content[:300])  # 503: this dataset has no bytes
        if response["Content-Type"].startswith("text/html"):
            assert 'class="crumbs"' in response.content.decode(), asked
    assert len(seen) > 50
    assert seen["/api/v1/datasets"] == 200
