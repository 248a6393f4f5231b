"""Where an upload lands: asked of the functions that the other rooms call, with requests as DRF makes them."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.serializers import ValidationError
from rest_framework.test import APIRequestFactory

from accounts import sessions, tokens
from accounts.authentication import BearerAuthentication
from accounts.models import WorkSession
from core.errors import Denied
from tests.cast import login

pytestmark = pytest.mark.django_db
User = get_user_model()


def by_token(user) -> Request:
    access = tokens.issue(user).access
    raw = APIRequestFactory().post("/", HTTP_AUTHORIZATION=f"Bearer {access}")
    return Request(raw, authenticators=[BearerAuthentication()])


def by_cookie(user) -> Request:
    raw = APIRequestFactory().post("/")
    raw.session = SessionStore()
    request = Request(raw)
    request.user, request.auth = user, None
    return request


@pytest.fixture
def hanako(owner):
    return User.objects.get(pk=owner.user["id"])


def expire(session: WorkSession) -> None:
    session.expires_at = timezone.now() - timedelta(seconds=1)
    session.save()


def test_the_tokens_own_session(hanako):
    request = by_token(hanako)
    assert sessions.session_for(request).pk == request.auth["session_id"]
    assert sessions.session_for(request, session_id="").pk == request.auth["session_id"]
    assert sessions.readable_session(request).pk == request.auth["session_id"]


def test_an_expired_one_is_followed_by_one_new_session(hanako):
    request = by_token(hanako)
    elsewhere = tokens.issue(hanako).session_id  # another device's, which is none of this one's business
    WorkSession.objects.update(created_at=timezone.now() - timedelta(hours=1))
    over = sessions.session_for(request)
    expire(over)
    fresh = sessions.session_for(request)
    assert fresh.pk not in {over.pk, elsewhere}
    assert sessions.session_for(request) == fresh
    assert sessions.readable_session(request) == over


def test_one_that_is_gone_is_made_anew(hanako):
    request = by_token(hanako)
    WorkSession.objects.all().delete()
    assert sessions.session_for(request).user == hanako


@pytest.mark.parametrize("as_asked", [int, str])
def test_one_asked_for_by_id(hanako, outsider, as_asked):
    request, other = by_token(hanako), tokens.issue(hanako).session_id
    assert sessions.session_for(request, session_id=as_asked(other)).pk == other
    with pytest.raises(sessions.SessionNotFound):
        sessions.session_for(request, session_id=as_asked(10**9))
    for find in (sessions.session_for, sessions.readable_session):
        with pytest.raises(Denied):
            find(request, session_id=as_asked(outsider.session_id))


def test_an_expired_one_by_id_is_for_reading_only(hanako):
    request = by_token(hanako)
    over = WorkSession.objects.get(pk=tokens.issue(hanako).session_id)
    expire(over)
    with pytest.raises(sessions.SessionExpired):
        sessions.session_for(request, session_id=over.pk)
    assert sessions.readable_session(request, session_id=over.pk) == over


@pytest.mark.parametrize("nonsense", ["abc", "1.5", "-1", "٣", "9" * 40, [1], {"a": 1}, True, 1.5])
def test_what_is_no_id_is_a_field_error(hanako, nonsense):
    with pytest.raises(ValidationError):
        sessions.session_for(by_token(hanako), session_id=nonsense)


def test_a_cookie_sign_in_gets_a_session_on_demand_and_keeps_it(hanako):
    request = by_cookie(hanako)
    session = sessions.session_for(request)
    assert session.user == hanako and not session.expired
    assert sessions.session_for(request) == session == sessions.readable_session(request)
    expire(session)
    assert sessions.session_for(request) != session


def test_the_list_is_mine_and_newest_first(owner, outsider):
    again = login(owner.user["username"])
    listed = again.get("data/sessions").json()
    assert [item["id"] for item in listed] == [again.session_id, owner.session_id]
    assert set(listed[0]) == {"id", "created_at", "expires_at"}
    assert listed[0]["expires_at"].endswith("+00:00")
    assert again.get("data/sessions?limit=1&offset=1").json() == listed[1:]
