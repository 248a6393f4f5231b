"""A named cast and a way to upload."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import Company, User

CSV = "Date,shop,Total_Sales\n2024-01-01,恵比寿,1000\n2024-01-02,渋谷,2500\n2024-02-03,恵比寿,\n".encode()


def make_user(name, company=None, role="user"):
    return User.objects.create_user(name, f"{name}@example.com", "pass-word-1", company=company, role=role)


def client_of(user):
    client = APIClient()
    answer = client.post("/api/v1/auth/login", {"username": user.username, "password": "pass-word-1"})
    assert answer.status_code == 200, answer.content
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access_token']}")
    client.session_id = answer.json()["session_id"]
    client.user = user
    return client


@pytest.fixture
def company(db):
    return Company.objects.create(company_name="Ebisu Foods")


@pytest.fixture
def owner(company):
    return client_of(make_user("owner", company))


@pytest.fixture
def colleague(company):
    return client_of(make_user("colleague", company))


@pytest.fixture
def admin(company):
    return client_of(make_user("boss", company, role="admin"))


@pytest.fixture
def outsider(db):
    return client_of(make_user("outsider", Company.objects.create(company_name="Elsewhere")))


def upload(client, content=CSV, filename="sales.csv", url="/api/v1/data/upload", **fields):
    return client.post(url, {"file": SimpleUploadedFile(filename, content), **fields}, format="multipart")


@pytest.fixture
def sales(owner):
    """The owner's dataset, by its receipt."""
    answer = upload(owner)
    assert answer.status_code == 200, answer.content
    return answer.json()
