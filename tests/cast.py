"""The people of the tests, and what they do through the public door."""

import io
import itertools
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

BASE = "/api/v1"
PASSWORD = "Correct-Horse-9"
_numbers = itertools.count(1)


@dataclass
class Person:
    """Somebody who registered and logged in; ``client`` sends their token."""

    client: APIClient
    user: dict[str, Any]
    session_id: int

    def get(self, path: str, *args: Any, **kwargs: Any) -> Any:
        return self.client.get(f"{BASE}/{path}", *args, **kwargs)

    def post(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        return self.client.post(f"{BASE}/{path}", data if data is not None else {}, format="json", **kwargs)

    def patch(self, path: str, data: Any) -> Any:
        return self.client.patch(f"{BASE}/{path}", data, format="json")

    def delete(self, path: str) -> Any:
        return self.client.delete(f"{BASE}/{path}")

    def send(self, content: str | bytes, filename: str = "table.csv", *, to: str = "data/upload", **fields: Any) -> Any:
        """Uploads a file; the response."""
        data = content.encode() if isinstance(content, str) else content
        file = SimpleUploadedFile(filename, data) if data else _EmptyFile(filename)
        return self.client.post(f"{BASE}/{to}", {"file": file, **fields}, format="multipart")

    def upload(self, content: str | bytes, filename: str = "table.csv", **fields: Any) -> int:
        """Uploads a good file; the dataset's id."""
        response = self.send(content, filename, **fields)
        assert response.status_code == 200, response.content
        return int(response.json()["dataset_id"])


class _EmptyFile(io.BytesIO):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def register(name: str = "") -> Person:
    """A new person with a company of their own."""
    name = f"{name or 'somebody'}{next(_numbers)}"
    client = APIClient()
    body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    made = client.post(f"{BASE}/auth/register", body, format="json")
    assert made.status_code == 201, made.content
    return login(name, made.json())


def login(name: str, user: dict[str, Any] | None = None) -> Person:
    client = APIClient()
    response = client.post(f"{BASE}/auth/login", {"username": name, "password": PASSWORD})
    assert response.status_code == 200, response.content
    body = response.json()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {body['access_token']}")
    return Person(client, user or body["user"], int(body["session_id"]))


def refused(response: Any, status: int, reason: str) -> dict[str, Any]:
    """Asserts the one error body with this reason; its facts."""
    assert response.status_code == status, response.content
    error: dict[str, Any] = response.json()["error"]
    assert error["reason"] == reason, error
    assert error["message"]
    assert response.json()["detail"] == error["message"]
    return error
