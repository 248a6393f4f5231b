"""A client that knows CleanFlow's document and nothing else of us, and what it expects of every answer."""

from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

BASE = "/cleanflow/api/v1"
PASSWORD = "securepassword123-x"


@dataclass
class Client:
    """``language`` is what ``Accept-Language`` says; without one, nothing."""

    language: str = ""
    token: str = ""
    sends: APIClient = field(default_factory=lambda: APIClient(raise_request_exception=False))

    def request(self, method: str, path: str, data: Any = None, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", {}))
        if self.language:
            headers["Accept-Language"] = self.language
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        kwargs.setdefault("format", "json")
        return getattr(self.sends, method)(f"{BASE}/{path}", data, headers=headers, **kwargs)

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.request("get", path, format=None, **kwargs)

    def post(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        return self.request("post", path, data, **kwargs)

    def delete(self, path: str) -> Any:
        return self.request("delete", path)

    def upload(self, content: str | bytes, filename: str = "people.csv", **fields: Any) -> Any:
        file = SimpleUploadedFile(filename, content.encode() if isinstance(content, str) else content)
        return self.post("datasets", {"file": file, **fields}, format="multipart")

    def speaking(self, language: str) -> "Client":
        return Client(language, self.token)


def registered(email: str) -> Client:
    client = Client()
    said(client.post("auth/register", {"email": email, "password": PASSWORD}), 201)
    client.token = said(client.post("auth/login", {"email": email, "password": PASSWORD}))["access_token"]
    return client


def said(response: Any, status: int = 200, message: str | None = None) -> Any:
    """Asserts the documented body of a success; its data."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert list(body) == ["data", "message"]
    assert message is None or body["message"] == message
    return body["data"]


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    """Asserts the documented body of an error; what is in it."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    assert int(response["Content-Length"]) == len(response.content)
    body = response.json()
    assert list(body) == ["error"]
    error: dict[str, Any] = body["error"]
    assert list(error) in (["code", "message"], ["code", "message", "details"])
    assert error["code"] == code
    assert error["message"]
    assert error.get("details", "none") != {}
    return error
