"""The admin: jobs to look at, labels to edit, every model's list and form opens."""

import base64
import re

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import User, default_company
from analysis.models import CategoryLabel
from tests.faces import made
from tests.faces.people import page, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return staff()


@pytest.fixture
def job(boss):
    return made.job(made.dataset(User.objects.get(), "北店 <売上>"))


def test_every_list_opens_and_searches(boss, job):
    for model, registered in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        page(boss, address)
        if registered.search_fields:
            page(boss, f"{address}?q=1")


def test_every_kept_thing_opens(boss, job):
    for thing in (job, job.dataset, User.objects.get(), default_company()):
        meta = thing._meta
        page(boss, reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk]))


def test_job_shows_question_answer_and_chart(boss, job):
    html = page(boss, f"/admin/analysis/analysisjob/{job.pk}/change/")
    assert "&quot;store&quot;: &quot;北店&quot;" in html
    assert "&quot;vital_few_threshold&quot;: 2" in html
    assert "北店 &lt;売上&gt;" in html
    drawn = base64.b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html)[1]).decode()
    assert "梨" in drawn
    assert "Apples" in drawn


def test_job_without_answer_opens(boss, job):
    failed = made.job(job.dataset, "histogram", status="failed", body=None, error={"reason": "gone", "message": "!"})
    assert "&quot;reason&quot;: &quot;gone&quot;" in page(boss, f"/admin/analysis/analysisjob/{failed.pk}/change/")


def test_jobs_are_read_only(boss, job):
    html = page(boss, f"/admin/analysis/analysisjob/{job.pk}/change/")
    assert 'name="_save"' not in html
    assert boss.get("/admin/analysis/analysisjob/add/").status_code == 403


def test_jobs_are_filtered_and_found(boss, job):
    made.job(job.dataset, "histogram")
    assert "1 analysis job" in page(boss, "/admin/analysis/analysisjob/?kind__exact=pareto")
    assert "2 analysis jobs" in page(boss, "/admin/analysis/analysisjob/?q=北店")
    assert "0 analysis jobs" in page(boss, "/admin/analysis/analysisjob/?q=nowhere")


def test_list_of_jobs_costs_the_same_for_one_and_for_many(boss, job, django_assert_max_num_queries):
    for number in range(20):
        made.job(job.dataset, key=f"more{number}")
    with django_assert_max_num_queries(12):
        page(boss, "/admin/analysis/analysisjob/")


def test_labels_are_edited_in_the_list(boss):
    label = CategoryLabel.objects.create(company=default_company(), category="Fruit", display_name="Fruit")
    sent = {
        "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": label.pk, "form-0-display_name": "果物",
        "_save": "Save",
    }  # fmt: skip
    assert boss.post("/admin/analysis/categorylabel/", sent).status_code == 302
    label.refresh_from_db()
    assert label.display_name == "果物"


def test_admin_bears_the_products_name(boss, settings):
    html = page(boss, "/admin/")
    assert f">{settings.APP_NAME}</a>" in html
    assert "Django administration" not in html
