"""Start page, docs and sign-in: whole, in two languages, and nothing that the security policy would stop."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.faces.people import page, staff, visitor

pytestmark = pytest.mark.django_db
PAGES = ["/", "/docs", "/redoc", "/api/docs/", "/api/redoc", "/login", "/api/v1", "/api/v1/datasets", "/admin/login/"]
SEEN_BY_STAFF = ["/admin/", "/admin/accounts/user/", "/api/v1/users/me", "/api/v1/admin/debug/overview"]


def strict(html: str) -> None:
    """No inline script or style, no handler attribute, nothing loaded from elsewhere, no missing static file."""
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "<style" not in html
    assert not re.search(r"<[^>]+\s(style|on\w+)=[\"']", html)
    loaded = re.findall(r"<(?:script|img|link|iframe|object)[^>]+(?:src|href|data)=\"([^\"]+)\"", html)
    assert all(address.startswith("/") for address in loaded), loaded
    static = [address.removeprefix("/static/") for address in loaded if address.startswith("/static/")]
    assert all(finders.find(path) for path in static), static


@pytest.mark.parametrize("path", PAGES)
def test_page_keeps_the_policy(path):
    html = page(visitor(), path, 401 if path == "/api/v1/datasets" else 200)
    strict(html)


@pytest.mark.parametrize("path", SEEN_BY_STAFF)
def test_staff_page_keeps_the_policy(path):
    strict(page(staff(), path))


@pytest.mark.parametrize("path", PAGES)
def test_policy_is_sent_and_allows_nothing_inline(path):
    policy = visitor().get(path)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_redoc_alone_gets_a_nonce_and_each_answer_a_new_one():
    first, second = (visitor().get("/redoc") for _ in range(2))
    nonce = re.search(r'data-nonce="([^"]+)"', first.content.decode())[1]
    assert f"'nonce-{nonce}'" in first["Content-Security-Policy"]
    assert nonce not in second.content.decode()
    assert "nonce" not in visitor().get("/docs")["Content-Security-Policy"]


def test_start_page_leads_everywhere():
    html = page(visitor(), "/")
    links = set(re.findall(r'href="(/[^"]*)"', html))
    assert {"/docs", "/redoc", "/api/v1", "/api/v1/openapi.json", "/admin/", "/health/ready"} <= links
    for link in links - {"/admin/"}:
        if not link.startswith("/static/"):
            assert visitor().get(link).status_code == 200, link


def test_start_page_language_follows_the_reader():
    assert '<html lang="en">' in page(Client(headers={"accept": "text/html"}), "/")
    assert '<html lang="ja">' in page(Client(headers={"accept": "text/html", "accept-language": "ja,en;q=0.5"}), "/")


def test_start_page_commands_use_the_public_address(settings):
    html = page(visitor(), "/")
    assert f"curl -s {settings.PUBLIC_URL}/api/v1/auth/login" in html


def test_swagger_starts_from_a_script_of_its_own():
    script = visitor().get("/docs?script")
    assert script["Content-Type"].startswith("application/javascript")
    assert "/api/v1/openapi.json" in script.content.decode()


def test_admin_answers_without_its_slash():
    assert visitor().get("/admin").url == "/admin/"


def test_sign_in_leads_back_and_sign_out_to_the_start(client):
    visitor("hana")
    sent = {"username": "hana@example.com", "password": "Correct-Horse-9", "next": "/api/v1/users/me"}
    assert client.post("/login", sent).url == "/api/v1/users/me"
    assert "hana" in page(client, "/")
    assert client.post("/logout").url == "/"
    assert "Sign in" in page(client, "/")


def test_sign_in_says_what_is_wrong(client):
    response = client.post("/login", {"username": "nobody", "password": "x"})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_unknown_page_of_the_admin_is_a_page_for_people():
    assert "Page not found" in page(staff(), "/admin/nothing/", 404)
