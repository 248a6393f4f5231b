"""The examples that the API's documentation shows."""

from drf_spectacular.utils import OpenApiExample

USER = {
    "id": 7,
    "username": "hanako",
    "email": "hanako@example.com",
    "full_name": "山田 花子",
    "role": "admin",
    "company_id": 3,
    "is_active": True,
    "is_staff": False,
    "created_at": "2026-01-15T09:30:00+00:00",
    "last_login": "2026-02-01T08:00:00+00:00",
}
PAIR = {
    "access_token": "eyJhbGciOiJIUzI1NiIs…",
    "refresh_token": "eyJhbGciOiJIUzI1NiIs…",
    "token_type": "bearer",
    "expires_in": 3600,
    "session_id": 12,
}
COMPANY = {
    "id": 3,
    "company_name": "恵比寿ストア",
    "company_code": "EBS",
    "contact_email": "info@example.com",
    "is_active": True,
    "created_at": "2026-01-15T09:30:00+00:00",
    "updated_at": "2026-01-15T09:30:00+00:00",
}
SESSION = {"id": 12, "created_at": "2026-02-01T08:00:00+00:00", "expires_at": "2026-02-08T08:00:00+00:00"}


def asked(value: object, name: str = "Request") -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


def given(value: object, name: str = "Answer", status: int = 200) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=[str(status)])
