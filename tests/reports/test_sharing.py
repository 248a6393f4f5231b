"""Links for people without an account."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from reports.models import AccessLog, ShareLink
from tests.cast import refused

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def anybody():
    return APIClient()


def share(owner, report, **fields):
    answer = owner.post(f"reports/{report}/share", fields)
    assert answer.status_code == 200, answer.content
    return answer.json()


def at(made):
    return f"/api/v1/reports/shared/{made['share_token']}"


def test_a_link_opens_the_report(owner, report, anybody):
    made = share(owner, report)
    assert made.keys() == {"share_token", "share_url", "is_public", "expires_at"}
    assert (made["is_public"], made["expires_at"]) == (False, None)
    assert made["share_url"].endswith(at(made))
    answer = anybody.get(at(made))
    assert answer.status_code == 200
    assert answer.json().keys() == {"report", "results"}
    assert answer.json()["report"]["title"] == "Sales"
    assert not {"id", "dataset_id", "owner"} & answer.json()["report"].keys()
    assert b"sales.csv" not in answer.content
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    assert answer["Cache-Control"] == "private, no-store"
    assert not answer.cookies
    assert anybody.get("/api/v1/reports/public").json() == []


@pytest.mark.parametrize("wanted", ["html", "interactive"])
def test_a_browser_gets_a_page(owner, report, anybody, wanted):
    made = share(owner, report)
    page = anybody.get(f"{at(made)}?format={wanted}", headers=BROWSER)
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert page["Content-Security-Policy"].startswith("default-src 'none'")
    assert not page.cookies
    assert anybody.get(at(made), headers=BROWSER)["Content-Type"].startswith("text/html")
    assert anybody.get(f"{at(made)}?format=json", headers=BROWSER)["Content-Type"] == "application/json"


def test_only_a_hash_of_the_token_is_kept(owner, report):
    made = share(owner, report, password="quiet river")
    link = ShareLink.objects.get()
    assert len(made["share_token"]) >= 43
    kept = repr([getattr(link, field.name) for field in ShareLink._meta.fields if field.name != "report"])
    assert made["share_token"] not in kept
    assert "quiet river" not in kept


def test_what_does_not_open_is_the_same_404(owner, report, anybody):
    spent, expired, revoked = (share(owner, report) for _ in range(3))
    limited = share(owner, report, max_views=1)
    assert anybody.get(at(limited)).status_code == 200
    ShareLink.objects.filter(pk=_pk(spent)).update(max_views=2, views=2)
    ShareLink.objects.filter(pk=_pk(expired)).update(expires_at=timezone.now() - timedelta(seconds=1))
    ShareLink.objects.filter(pk=_pk(revoked)).update(revoked_at=timezone.now())
    wrong = {"share_token": "x" * 43}
    bodies = []
    for made in (limited, spent, expired, revoked, wrong):
        error = refused(anybody.get(at(made)), 404, "share_link_not_found")
        bodies.append({name: value for name, value in error.items() if name != "request_id"})
    assert all(body == bodies[0] for body in bodies)


def _pk(made):
    from reports.sharing import _hash

    return ShareLink.objects.get(token_hash=_hash(made["share_token"])).pk


def test_a_password_by_header_or_by_the_form(owner, report, anybody):
    made = share(owner, report, password="quiet river", max_views=2)
    refused(anybody.get(at(made)), 401, "share_password_required")
    refused(anybody.get(at(made), headers={"X-Share-Password": "loud river"}), 401, "share_password_required")
    assert anybody.get(at(made), headers={"X-Share-Password": "quiet river"}).status_code == 200
    form = anybody.get(at(made), headers=BROWSER)
    assert (form.status_code, form["Content-Type"]) == (401, "text/html; charset=utf-8")
    assert b'type="password"' in form.content
    again = anybody.post(at(made), "password=loud+river", content_type=FORM, headers=BROWSER)
    assert (again.status_code, b'role="alert"' in again.content) == (401, True)
    opened = anybody.post(at(made), "password=quiet+river", content_type=FORM, headers=BROWSER)
    assert (opened.status_code, opened["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert not opened.cookies
    refused(anybody.get(at(made), headers={"X-Share-Password": "quiet river"}), 404, "share_link_not_found")


def test_passwords_can_not_be_tried_out(owner, report, anybody, settings):
    made = share(owner, report, password="quiet river")
    settings.THROTTLE = True
    cache.clear()
    answers = {anybody.get(at(made), headers={"X-Share-Password": "x"}).status_code for _ in range(61)}
    assert answers == {401, 429}


def test_each_post_is_one_more_link_and_delete_revokes_all(owner, report, anybody):
    links = [share(owner, report) for _ in range(2)]
    assert links[0]["share_token"] != links[1]["share_token"]
    assert all(anybody.get(at(made)).status_code == 200 for made in links)
    assert owner.delete(f"reports/{report}/share").status_code == 204
    for made in links:
        refused(anybody.get(at(made)), 404, "share_link_not_found")


def test_the_owner_sees_who_looked(owner, outsider, report, anybody):
    made = share(owner, report, max_views=5)
    anybody.get(at(made), headers={"User-Agent": "Reader/1"})
    anybody.get(f"{at(made)}?format=pdf")
    (link,) = owner.get(f"reports/{report}/share").json()
    assert (link["views"], link["max_views"], link["has_password"]) == (1, 5, False)
    (access,) = link["accesses"]
    assert (access["user_agent"], access["address"], access["format"]) == ("Reader/1", "127.0.0.1", "json")
    for answer in (outsider.get(f"reports/{report}/share"), outsider.post(f"reports/{report}/share")):
        refused(answer, 403, "access_denied")


def test_public_only_when_asked(owner, report, anybody):
    assert share(owner, report, is_public=True)["is_public"] is True
    assert [one["id"] for one in anybody.get("/api/v1/reports/public").json()] == [report]
    assert share(owner, report)["is_public"] is True
    assert share(owner, report, is_public=False)["is_public"] is False


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"expires_at": "2020-01-01"}, "expiry_passed"),
        ({"expires_at": "soon"}, "validation_error"),
        ({"max_views": 0}, "validation_error"),
    ],
)
def test_wishes_that_make_no_sense(owner, report, fields, reason):
    refused(owner.post(f"reports/{report}/share", fields), 400, reason)


def test_many_at_once_do_not_outrun_the_limit(owner, report):
    """The limit lies in the statement that counts: a link read before it was used up counts no further view."""
    from reports import sharing

    made = share(owner, report, max_views=1)
    early, late = (sharing.opened(made["share_token"], None) for _ in range(2))
    sharing.count(early, format="json")
    with pytest.raises(sharing.LinkNotFound):
        sharing.count(late, format="json")
    assert AccessLog.objects.count() == 1
