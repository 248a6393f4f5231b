"""A dataset as a resource: listed, shown, changed, deleted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import WorkSession
from datasets.models import Dataset
from tests.datasets.conftest import CSV, upload

TAKEN = "Dataset name already exists in this session"


def test_the_detail_has_every_field(owner, sales):
    body = owner.get(f"/api/v1/datasets/{sales['id']}").json()
    assert list(body) == [
        "id", "dataset_id", "name", "description", "filename", "file_size", "format", "encoding", "status", "error",
        "rows", "columns", "roles", "is_public", "shared_with", "session_id", "owner_id", "company_id", "project_id",
        "content_hash", "derived_from", "duplicate_of", "path", "created_at", "updated_at", "schema",
    ]  # fmt: skip
    assert body["roles"] == {"date": "Date", "store": "shop", "category": None, "measures": ["Total_Sales"]}
    assert (body["shared_with"], body["is_public"]) == ("owner", False)
    assert (body["owner_id"], body["company_id"]) == (owner.user.pk, owner.user.company_id)
    assert body["path"].startswith("datasets/") and body["path"].endswith("-sales.csv")
    assert (body["format"], body["encoding"]) == ("csv", "utf-8")


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("mount", ["/api/v1", "/api"])
def test_lists_are_bare_arrays_newest_first(owner, mount, slash):
    first, second = upload(owner).json()["id"], upload(owner, name="second").json()["id"]
    answer = owner.get(f"{mount}/datasets{slash}")
    assert [item["id"] for item in answer.json()] == [second, first]
    assert "schema" not in answer.json()[0]
    assert answer["X-Total-Count"] == "2"
    page = owner.get(f"{mount}/datasets{slash}?limit=1")
    assert [item["id"] for item in page.json()] == [second]
    assert 'rel="next"' in page["Link"]


def test_list_filters(owner, outsider):
    one = upload(owner, name="spring sales").json()
    two = upload(owner, name="autumn", is_public="true").json()
    foreign = upload(outsider, name="theirs", is_public="true").json()
    Dataset.objects.filter(pk=one["id"]).update(created_at=timezone.now() - timedelta(days=9))

    def ids(query):
        answer = owner.get(f"/api/v1/datasets?{query}")
        assert answer.status_code == 200, answer.content
        return [item["id"] for item in answer.json()]

    assert ids("") == [two["id"], one["id"]]
    assert ids("q=SPRING") == [one["id"]]
    assert ids("name=autumn") == [two["id"]]
    assert ids("is_public=false") == [one["id"]]
    assert ids("is_public=true") == [two["id"]]
    assert ids("scope=public") == [foreign["id"], two["id"]]
    assert ids(f"session_id={owner.session_id}") == [two["id"], one["id"]]
    day = (timezone.now() - timedelta(days=3)).date()
    assert ids(f"created_after={day}") == [two["id"]]
    for moment in ("T00:00:00Z", "T09:00:00%2B09:00", "T09:00:00+09:00", " 00:00:00", "T00:00:00"):
        assert ids(f"created_before={day}{moment}") == [one["id"]], moment
    assert ids("ordering=name") == [two["id"], one["id"]]
    assert ids("ordering=-name") == [one["id"], two["id"]]


@pytest.mark.parametrize(
    ("query", "status", "reason"),
    [
        ("is_public=maybe", 400, "validation_error"),
        ("scope=all", 400, "validation_error"),
        ("created_after=yesterday", 400, "validation_error"),
        ("created_before=2024-13-45", 400, "validation_error"),
        ("created_before=0001-01-01T00:00:00%2B14:00", 400, "validation_error"),
        ("ordering=password", 400, "invalid_ordering"),
        ("limit=0", 400, "invalid_page"),
        ("session_id=999999", 404, "session_not_found"),
        ("session_id=x", 400, "validation_error"),
    ],
)
def test_bad_list_queries(owner, query, status, reason):
    answer = owner.get(f"/api/v1/datasets?{query}")
    assert (answer.status_code, answer.json()["error"]["reason"]) == (status, reason)


def test_the_session_list_is_small(owner, sales):
    answer = owner.get("/api/v1/data/datasets")
    item = answer.json()[0]
    assert list(item) == ["id", "name", "created_at", "path"]
    assert item["name"] == "sales" and item["path"].endswith("-sales.csv")
    assert owner.get(f"/api/v1/data/datasets?session_id={owner.session_id}").json() == answer.json()
    assert owner.get("/api/v1/data/datasets?session_id=987654").json()["error"]["reason"] == "session_not_found"


@pytest.mark.parametrize("method", ["patch", "put"])
@pytest.mark.parametrize("url", ["/api/v1/data/datasets/{id}", "/api/v1/datasets/{id}"])
def test_renaming(owner, sales, method, url):
    upload(owner, name="other")
    call = getattr(owner, method)
    body = call(url.format(**sales), {"name": "Sales_2024_v2"}, format="json").json()
    assert (body["id"], body["name"]) == (sales["id"], "Sales_2024_v2")
    again = call(url.format(**sales), {"name": "Sales_2024_v2"}, format="json")
    assert again.status_code == 200, "its own name is not taken"
    taken = call(url.format(**sales), {"name": "other"}, format="json")
    assert (taken.status_code, taken.json()["detail"]) == (409, TAKEN)
    assert taken.json()["error"]["reason"] == "dataset_name_exists"
    assert owner.get(f"/api/v1/datasets/{sales['id']}").json()["name"] == "Sales_2024_v2"


@pytest.mark.parametrize(
    "name", [None, 5, True, [], {}, "", "   ", "x" * 256, "a\x00b", "a\r\nSet-Cookie: b", "a\u202eb"]
)
def test_names_that_are_none(owner, sales, name):
    answer = owner.patch(f"/api/v1/datasets/{sales['id']}", {"name": name}, format="json")
    assert answer.status_code == 400, answer.content
    assert owner.get(f"/api/v1/datasets/{sales['id']}").json()["name"] == "sales"


def test_half_a_surrogate_pair_is_no_name(owner, sales):
    url = f"/api/v1/datasets/{sales['id']}"
    answer = owner.patch(url, r'{"name": "\ud800"}', content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["reason"]) == (400, "invalid_characters")


def test_metadata_is_partial(owner, sales):
    url = f"/api/v1/datasets/{sales['id']}"
    body = owner.put(url, {"description": "monthly", "is_public": True}, format="json").json()
    assert (body["name"], body["description"], body["shared_with"]) == ("sales", "monthly", "everyone")
    body = owner.patch(url, {"is_public": "False", "id": 9, "rows": 1, "owner_id": 7}, format="json").json()
    assert (body["description"], body["shared_with"], body["rows"]) == ("monthly", "owner", 3)
    for wrong in ({"is_public": "perhaps"}, {"is_public": None}, {"is_public": []}, {"description": 5}):
        assert owner.patch(url, wrong, format="json").status_code == 400, wrong


def test_roles_override_detection_and_go_back(owner):
    content = (
        b"Date,Due,shop,area,units,sales\n2024-01-01,2024-02-01,a,north,1,10\n2024-01-02,2024-02-02,b,south,2,20\n"
    )
    pk = upload(owner, content).json()["id"]
    url = f"/api/v1/datasets/{pk}"
    detected = owner.get(url).json()["roles"]
    version = Dataset.objects.get(pk=pk).roles_version
    body = owner.patch(url, {"roles": {"store": "area", "date": "Due", "measures": ["units"]}}, format="json").json()
    assert body["roles"] | {"category": None} == {
        "date": "Due", "store": "area", "category": None, "measures": ["units"],
    }  # fmt: skip
    assert {c["name"]: c["role"] for c in body["schema"]}["shop"] != "store"
    assert Dataset.objects.get(pk=pk).roles_version == version + 1
    body = owner.patch(url, {"roles": {"store": None}}, format="json").json()
    assert (body["roles"]["store"], body["roles"]["date"]) == (detected["store"], "Due")
    body = owner.patch(url, {"roles": None}, format="json").json()
    assert body["roles"] == detected
    owner.patch(url, {"roles": {}}, format="json")
    assert Dataset.objects.get(pk=pk).roles_version == version + 3, "no change, no new version"


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        ({"store": "nowhere"}, "column_not_found"),
        ({"date": "shop"}, "role_not_possible"),
        ({"measures": ["shop"]}, "role_not_possible"),
        ({"store": "Date"}, "role_not_possible"),
        ({"store": "shop", "category": "shop"}, "role_twice"),
        ({"measures": "Total_Sales"}, "invalid_roles"),
        ({"measures": [5]}, "invalid_roles"),
        ({"store": ["shop"]}, "invalid_roles"),
        ({"owner": "shop"}, "invalid_roles"),
        (["store"], "invalid_roles"),
        ("store", "invalid_roles"),
    ],
)
def test_roles_that_can_not_be(owner, sales, roles, reason):
    answer = owner.patch(f"/api/v1/datasets/{sales['id']}", {"roles": roles}, format="json")
    assert (answer.status_code, answer.json()["error"]["reason"]) == (400, reason)


def test_unknown_datasets(owner):
    for pk in (999999, 10**17, 0):
        answer = owner.get(f"/api/v1/datasets/{pk}")
        assert (answer.status_code, answer.json()["error"]["reason"]) == (404, "dataset_not_found")
    for path in ("datasets/١", "datasets/-1", "datasets/abc", "datasets/1.5"):
        assert owner.get(f"/api/v1/{path}").status_code == 404


def test_deleting_frees_the_bytes(owner, sales, settings, django_capture_on_commit_callbacks):
    kept = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert len(kept) == 2
    with django_capture_on_commit_callbacks(execute=True):
        answer = owner.delete(f"/api/v1/datasets/{sales['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert owner.get(f"/api/v1/datasets/{sales['id']}").status_code == 404
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_deleted_user_takes_what_is_private_and_leaves_what_is_the_companys(
    owner, sales, settings, django_capture_on_commit_callbacks
):
    shared = upload(owner, name="shared").json()["id"]
    public = upload(owner, name="public", is_public="true").json()["id"]
    Dataset.objects.filter(pk=shared).update(shared_with="company")
    with django_capture_on_commit_callbacks(execute=True):
        owner.user.delete()
    assert not Dataset.objects.filter(pk__in=[sales["id"], public]).exists()
    kept = Dataset.objects.get(pk=shared)
    assert (kept.owner, kept.session) == (None, None)
    assert {path.relative_to(settings.MEDIA_ROOT).as_posix() for path in settings.MEDIA_ROOT.rglob("*-sales.*")} == {
        kept.original,
        kept.parquet,
    }


def test_a_deleted_session_leaves_its_datasets(owner, sales):
    WorkSession.objects.get(pk=owner.session_id).delete()
    assert owner.get(f"/api/v1/datasets/{sales['id']}").json()["session_id"] is None


def test_the_same_content_is_noticed(owner, colleague, outsider, sales):
    assert upload(owner).json()["duplicate_of"] == sales["id"]
    assert upload(colleague).json()["duplicate_of"] is None, "a colleague does not see the owner's private data"
    Dataset.objects.filter(pk=sales["id"]).update(shared_with="company")
    assert upload(colleague).json()["duplicate_of"] == sales["id"]
    assert upload(outsider).json()["duplicate_of"] is None
    assert upload(owner, CSV + b"2024-02-04,x,1\n").json()["duplicate_of"] is None
    listed = {item["id"]: item["duplicate_of"] for item in owner.get("/api/v1/datasets").json()}
    assert listed[sales["id"]] is None
    assert sorted(filter(None, listed.values())) == [sales["id"]]
