"""Datasets in the Django admin."""

import pytest
from django.test import Client
from django.urls import reverse

from datasets.models import Dataset
from tests.datasets.conftest import make_user, upload


@pytest.fixture
def staff(db):
    user = make_user("staff")
    user.is_staff = user.is_superuser = True
    user.save()
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def page(owner):
    rows = b"2024-01-01,<script>alert(1)</script>,1\n" * 9 + b"2024-01-02,b,2,too,long\n"
    content = b"Date,shop,<b>sales</b>\n" + rows
    pk = upload(owner, content, name="ledger").json()["id"]
    return reverse("admin:datasets_dataset_change", args=[pk])


def test_the_list_finds_and_filters(staff, owner, page):
    url = reverse("admin:datasets_dataset_changelist")
    for query in ("", "?q=ledger", "?q=owner@example.com", "?status__exact=ready", "?shared_with__exact=owner"):
        text = staff.get(url + query).content.decode()
        assert ">ledger</a>" in text, query
    assert ">ledger</a>" not in staff.get(url + "?q=nothing").content.decode()
    assert staff.get(reverse("admin:datasets_dataset_add")).status_code == 403


def test_the_page_shows_schema_and_report(staff, page):
    text = staff.get(page).content.decode()
    assert "&lt;b&gt;sales&lt;/b&gt;" in text and "<script>alert(1)" not in text
    assert "<td>date</td>" in text and "Kept aside" in text
    assert "/api/v1/downloads/" in text


def test_only_what_people_say_can_be_changed(staff, owner, page):
    upload(owner, name="other")
    before = Dataset.objects.get(name="ledger")
    staff.post(page, {"name": "renamed", "description": "d", "shared_with": "everyone", "rows": 99, "original": "x"})
    after = Dataset.objects.get(pk=before.pk)
    assert (after.name, after.description, after.shared_with) == ("renamed", "d", "everyone")
    assert (after.rows, after.original) == (before.rows, before.original)
    answer = staff.post(page, {"name": "other", "description": "", "shared_with": "owner"})
    assert "Dataset name already exists in this session" in answer.content.decode()


@pytest.mark.parametrize("how", ["one", "many"])
def test_deleting_frees_the_bytes(staff, page, settings, django_capture_on_commit_callbacks, how):
    pk = Dataset.objects.get().pk
    with django_capture_on_commit_callbacks(execute=True):
        if how == "one":
            staff.post(reverse("admin:datasets_dataset_delete", args=[pk]), {"post": "yes"})
        else:
            fields = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
            staff.post(reverse("admin:datasets_dataset_changelist"), fields)
    assert not Dataset.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_dataset_that_failed_says_why(staff, page):
    Dataset.objects.update(
        status="failed",
        original="",
        error={"reason": "x", "message": "Column %(column)s broke.", "details": {"column": "a"}},
    )
    assert "Column a broke." in staff.get(page).content.decode()
