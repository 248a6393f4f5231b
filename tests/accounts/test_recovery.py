import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail

from accounts.models import User
from accounts.recovery import token_for
from tests.cast import PASSWORD, refused

pytestmark = pytest.mark.django_db
NEW = "battery-Staple-7"


def mails(count: int) -> list[mail.EmailMessage]:
    """What has been sent, once it is ``count``: mails leave in a thread of their own."""
    deadline = time.monotonic() + 5
    while len(mail.outbox) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(mail.outbox) == count
    return mail.outbox


def link(message: mail.EmailMessage) -> str:
    return re.search(r"https?://\S+", message.body).group()


@pytest.fixture
def token(owner, post):
    post("auth/password-reset", {"email": owner.user["email"].upper()})
    return parse_qs(urlsplit(link(mails(1)[0])).query)["token"][0]


def test_the_mail(owner, post, settings):
    settings.PUBLIC_URL = "https://data.example.com"
    assert post("auth/password-reset", {"email": owner.user["email"]}).status_code == 204
    message = mails(1)[0]
    assert message.to == [owner.user["email"]]
    assert link(message).startswith("https://data.example.com/password-reset?token=")
    assert owner.user["username"] in message.body


def test_unknown_and_disabled_get_the_same_answer_and_no_mail(owner, outsider, post):
    User.objects.filter(pk=outsider.user["id"]).update(is_active=False)
    for email in ("nobody@example.com", outsider.user["email"]):
        response = post("auth/password-reset", {"email": email})
        assert (response.status_code, response.content) == (204, b"")
    post("auth/password-reset", {"email": owner.user["email"]})
    assert [message.to for message in mails(1)] == [[owner.user["email"]]]


def test_the_new_password_works_once_and_ends_former_tokens(owner, token, post):
    assert post("auth/password-reset/confirm", {"token": token, "new_password": NEW}).status_code == 204
    refused(owner.get("me"), 401, "invalid_token")
    assert post("auth/login", {"username": owner.user["username"], "password": NEW}).status_code == 200
    refused(post("auth/password-reset/confirm", {"token": token, "new_password": PASSWORD}), 400, "invalid_reset_token")


def test_a_weak_password_does_not_use_the_token_up(token, post):
    refused(post("auth/password-reset/confirm", {"token": token, "new_password": "12345678"}), 400, "weak_password")
    assert post("auth/password-reset/confirm", {"token": token, "new_password": NEW}).status_code == 204


TAMPERED = ["{0}x", "x", ".", "{0}.{0}", "é.{0}", "LTE.{0}", "-{0}"]


@pytest.mark.parametrize("change", TAMPERED)
def test_a_tampered_token_is_refused(token, post, change):
    tampered = {"token": change.format(token), "new_password": NEW}
    refused(post("auth/password-reset/confirm", tampered), 400, "invalid_reset_token")


def test_a_token_is_good_for_its_own_account_only(token, outsider, post):
    moved = f"{token_for(User.objects.get(pk=outsider.user['id'])).partition('.')[0]}.{token.partition('.')[2]}"
    refused(post("auth/password-reset/confirm", {"token": moved, "new_password": NEW}), 400, "invalid_reset_token")


def test_an_old_token_is_refused(token, post, settings):
    settings.PASSWORD_RESET_TIMEOUT = -1
    refused(post("auth/password-reset/confirm", {"token": token, "new_password": NEW}), 400, "invalid_reset_token")


def test_nobody_is_flooded_with_mail(owner, post, limits):
    for _again in range(8):
        assert post("auth/password-reset", {"email": owner.user["email"]}).status_code == 204
    mails(5)


def test_a_broken_mail_server_is_not_the_askers_business(owner, post, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    assert post("auth/password-reset", {"email": owner.user["email"]}).status_code == 204


def test_the_page_leads_through(owner, client):
    asked = client.post("/password-reset", {"email": owner.user["email"]})
    assert asked.status_code == 200
    page = urlsplit(link(mails(1)[0]))
    form = client.get(f"{page.path}?{page.query}")
    token = parse_qs(page.query)["token"][0]
    assert token in form.content.decode()
    weak = client.post("/password-reset", {"token": token, "new_password": "12345678"})
    assert "too common" in weak.content.decode()
    assert client.post("/password-reset", {"token": token, "new_password": NEW}).status_code == 200
    assert client.post("/login", {"username": owner.user["username"], "password": NEW}).status_code == 302
    again = client.post("/password-reset", {"token": token, "new_password": NEW})
    assert "invalid, used or too old" in again.content.decode()
