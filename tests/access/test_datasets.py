"""Whose dataset is it: owner, colleague, company admin, outsider, staff, nobody; every route, every kind of sharing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import Company, User
from datasets.models import Dataset

CSV = b"Date,shop,sales\n2024-01-01,Ebisu,1000\n2024-01-02,Shibuya,\n"
READS = ["", "/preview", "/rows", "/facets", "/export", "/ingest-report", "/download-url"]
CHANGES = ["put", "patch", "delete", "rename"]


def client_of(name, company, **facts):
    user = User.objects.create_user(name, f"{name}@example.com", "pass-word-1", company=company, **facts)
    client = APIClient()
    token = client.post("/api/v1/auth/login", {"username": name, "password": "pass-word-1"}).json()["access_token"]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    client.user = user
    return client


@pytest.fixture
def cast(db):
    company, elsewhere = (Company.objects.create(company_name=name) for name in ("Ebisu Foods", "Elsewhere"))
    return {
        "owner": client_of("owner", company),
        "colleague": client_of("colleague", company),
        "admin": client_of("boss", company, role="admin"),
        "outsider": client_of("outsider", elsewhere),
        "other admin": client_of("rival", elsewhere, role="admin"),
        "staff": client_of("staff", elsewhere, is_staff=True, is_superuser=True),
        "nobody": APIClient(),
    }


@pytest.fixture
def dataset(cast):
    answer = cast["owner"].post("/api/v1/datasets", {"file": SimpleUploadedFile("sales.csv", CSV)}, format="multipart")
    assert answer.status_code == 201, answer.content
    return Dataset.objects.get(pk=answer.json()["id"])


def status(client, call):
    answer = call(client)
    if answer.status_code >= 400:
        reasons = {401: "not_authenticated", 403: "access_denied", 404: "dataset_not_found"}
        assert answer.json()["error"]["reason"] == reasons[answer.status_code]
    return answer.status_code


# who may read, list and change, by how the dataset is shared
READERS = {
    "owner": {"owner"},
    "company": {"owner", "colleague", "admin"},
    "everyone": {"owner", "colleague", "admin", "outsider", "other admin", "staff"},
}
LISTERS = READERS | {"everyone": {"owner"}}
CHANGERS = {"owner": {"owner"}, "company": {"owner", "admin"}, "everyone": {"owner"}}


@pytest.mark.parametrize("sharing", READERS)
def test_reading(cast, dataset, sharing):
    Dataset.objects.update(shared_with=sharing)
    for name, client in cast.items():
        expected = 200 if name in READERS[sharing] else 401 if name == "nobody" else 403
        for path in READS:
            found = status(client, lambda c, path=path: c.get(f"/api/v1/datasets/{dataset.pk}{path}"))
            assert found == expected, (name, path)


@pytest.mark.parametrize("sharing", LISTERS)
def test_listing(cast, dataset, sharing):
    Dataset.objects.update(shared_with=sharing)
    for name, client in cast.items():
        if name == "nobody":
            assert client.get("/api/v1/datasets").status_code == 401
            continue
        listed = [item["id"] for item in client.get("/api/v1/datasets").json()]
        assert listed == ([dataset.pk] if name in LISTERS[sharing] else []), name
        public = [item["id"] for item in client.get("/api/v1/datasets?scope=public").json()]
        assert public == ([dataset.pk] if sharing == "everyone" else []), name
        assert client.get(f"/api/v1/data/datasets?session_id={dataset.session_id}").status_code == (
            200 if name == "owner" else 403
        )


@pytest.mark.parametrize("sharing", CHANGERS)
@pytest.mark.parametrize("change", CHANGES)
def test_changing(cast, dataset, sharing, change):
    Dataset.objects.update(shared_with=sharing)
    calls = {
        "put": lambda c: c.put(f"/api/v1/datasets/{dataset.pk}", {"description": "x"}, format="json"),
        "patch": lambda c: c.patch(f"/api/v1/datasets/{dataset.pk}", {"roles": {}}, format="json"),
        "rename": lambda c: c.patch(f"/api/v1/data/datasets/{dataset.pk}", {"name": "sales"}, format="json"),
        "delete": lambda c: c.delete(f"/api/v1/datasets/{dataset.pk}"),
    }
    allowed = [name for name in cast if name in CHANGERS[sharing]]
    refused = [name for name in cast if name not in CHANGERS[sharing]]
    for name in refused:
        assert status(cast[name], calls[change]) == (401 if name == "nobody" else 403), name
    for name in allowed if change != "delete" else allowed[-1:]:
        assert status(cast[name], calls[change]) == (204 if change == "delete" else 200), name


def test_what_is_not_there_is_404_for_everybody(cast, dataset):
    for name, client in cast.items():
        for path in READS:
            found = status(client, lambda c, path=path: c.get(f"/api/v1/datasets/{dataset.pk + 1}{path}"))
            assert found == (401 if name == "nobody" else 404)


def test_a_stale_link_of_a_private_dataset_is_the_only_door_for_nobody(cast, dataset):
    link = cast["owner"].get(f"/api/v1/datasets/{dataset.pk}/download-url").json()["download_url"]
    answer = cast["nobody"].get(link.split("8000", 1)[1])
    assert b"".join(answer.streaming_content) == CSV


def test_an_unshared_dataset_closes_at_once(cast, dataset):
    url = f"/api/v1/datasets/{dataset.pk}"
    cast["owner"].patch(url, {"is_public": True}, format="json")
    first = cast["outsider"].get(f"{url}/rows")
    assert first.status_code == 200
    cast["owner"].patch(url, {"is_public": False}, format="json")
    assert cast["outsider"].get(f"{url}/rows", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 403
