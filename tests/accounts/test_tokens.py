from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from accounts.models import User, WorkSession
from tests.cast import PASSWORD, refused

pytestmark = pytest.mark.django_db
FAMILIES = [("auth/refresh", "refresh_token"), ("auth/refresh", "refresh"), ("token/refresh", "refresh"),
            ("token/refresh", "refresh_token")]  # fmt: skip


@pytest.fixture
def pair(owner, post):
    return post("auth/login", {"username": owner.user["username"], "password": PASSWORD}).json()


def me(client, access, scheme="Bearer"):
    return client.get("/api/v1/me", HTTP_AUTHORIZATION=f"{scheme} {access}")


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_refresh_gives_a_new_pair_and_spends_the_old(pair, post, anybody):
    fresh = post("auth/refresh", {"refresh_token": pair["refresh_token"]}).json()
    assert set(fresh) == {"access_token", "refresh_token", "token_type", "expires_in", "session_id"}
    assert fresh["refresh_token"] != pair["refresh_token"]
    assert me(anybody, fresh["access_token"]).status_code == 200
    for path, field in FAMILIES:
        refused(post(path, {field: pair["refresh_token"]}), 401, "invalid_token")
    assert post("auth/refresh", {"refresh": fresh["refresh_token"]}).status_code == 200


def test_the_other_family_speaks_exactly_its_words_and_does_not_rotate(owner, post, anybody):
    body = post("token/", {"username": owner.user["username"], "password": PASSWORD}).json()
    assert set(body) == {"access", "refresh"}
    for _again in range(2):
        answer = post("token/refresh/", {"refresh": body["refresh"]})
        assert answer.status_code == 200 and set(answer.json()) == {"access"}
        assert me(anybody, answer.json()["access"]).json()["id"] == owner.user["id"]
    refused(post("token", {"username": owner.user["username"], "password": "no"}), 401, "invalid_credentials")


def test_verify(pair, post):
    for name in ("access_token", "refresh_token"):
        answer = post("token/verify", {"token": pair[name]})
        assert (answer.status_code, answer.json()) == (200, {})
    post("auth/logout", {"refresh_token": pair["refresh_token"]})
    refused(post("token/verify", {"token": pair["refresh_token"]}), 401, "invalid_token")
    refused(post("token/verify", {"token": "x"}), 401, "invalid_token")


def test_logout_revokes_the_refresh_token(pair, post):
    for _again in range(2):
        assert post("auth/logout", {"refresh_token": pair["refresh_token"]}).status_code == 204
    for path, field in FAMILIES:
        refused(post(path, {field: pair["refresh_token"]}), 401, "invalid_token")


def test_logout_needs_proof(owner, pair, post):
    refused(post("auth/logout"), 401, "not_authenticated")
    refused(post("auth/logout", {"refresh_token": "x"}), 401, "invalid_token")
    refused(post("auth/logout", {"refresh_token": pair["access_token"]}), 401, "invalid_token")
    assert "refresh_token" in refused(owner.post("auth/logout"), 400, "validation_error")["details"]
    answer = post("auth/logout", {"refresh": pair["refresh_token"]}, HTTP_AUTHORIZATION="Bearer stale")
    assert answer.status_code == 204


@pytest.mark.parametrize(("path", "field"), FAMILIES)
class TestWhoseAccountChanged:
    """Told at once, by every door, and never as a crash."""

    def expect_the_end(self, pair, post, anybody, path, field):
        refused(post(path, {field: pair["refresh_token"]}), 401, "invalid_token")
        refused(post("token/verify", {"token": pair["access_token"]}), 401, "invalid_token")
        refused(post("token/verify", {"token": pair["refresh_token"]}), 401, "invalid_token")
        refused(me(anybody, pair["access_token"]), 401, "invalid_token")

    def test_deleted(self, owner, pair, post, anybody, path, field):
        User.objects.filter(pk=owner.user["id"]).delete()
        self.expect_the_end(pair, post, anybody, path, field)

    def test_disabled(self, owner, pair, post, anybody, path, field):
        User.objects.filter(pk=owner.user["id"]).update(is_active=False)
        self.expect_the_end(pair, post, anybody, path, field)

    def test_new_password(self, owner, pair, post, anybody, path, field):
        change = {"current_password": PASSWORD, "new_password": "another-Good-1"}
        assert owner.post("users/change-password", change).status_code == 204
        self.expect_the_end(pair, post, anybody, path, field)

    def test_the_same_password_again(self, owner, pair, post, anybody, path, field):
        change = {"current_password": PASSWORD, "new_password": PASSWORD}
        assert owner.post("users/change-password", change).status_code == 204
        self.expect_the_end(pair, post, anybody, path, field)


def test_the_session_survives_refresh_and_moves_with_it(pair, post):
    assert claims(pair["access_token"])["session_id"] == pair["session_id"]
    WorkSession.objects.filter(pk=pair["session_id"]).update(expires_at=timezone.now() + timedelta(minutes=1))
    fresh = post("auth/refresh", {"refresh_token": pair["refresh_token"]}).json()
    assert fresh["session_id"] == pair["session_id"] == claims(fresh["access_token"])["session_id"]
    end = WorkSession.objects.get(pk=pair["session_id"]).expires_at
    assert end.timestamp() == claims(fresh["refresh_token"])["exp"]
    access = post("token/refresh", {"refresh": fresh["refresh_token"]}).json()["access"]
    assert claims(access)["session_id"] == pair["session_id"]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(pair, anybody, scheme):
    assert me(anybody, pair["access_token"], scheme).status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer a b", "Bearer x.y.z", "Bearer \xff\xfe", "bearer é"])
def test_a_broken_token_is_an_invalid_one(anybody, db, header):
    response = anybody.get("/api/v1/me", HTTP_AUTHORIZATION=header)
    refused(response, 401, "invalid_token")
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["", "Basic dTpw", "Token abc"])
def test_no_token_is_none(anybody, db, header):
    response = anybody.get("/api/v1/me", HTTP_AUTHORIZATION=header)
    refused(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_forged_and_expired_tokens_are_refused(pair, anybody, post):
    body = claims(pair["access_token"])
    forged = jwt.encode(body, "x" * 40, algorithm="HS256")
    unsigned = jwt.encode(body, None, algorithm="none")
    expired = jwt.encode(body | {"exp": body["iat"] - 1}, settings.SIMPLE_JWT["SIGNING_KEY"], algorithm="HS256")
    for token in (forged, unsigned, expired, pair["refresh_token"]):
        refused(me(anybody, token), 401, "invalid_token")
    refused(post("auth/refresh", {"refresh_token": pair["access_token"]}), 401, "invalid_token")


def test_the_database_keeps_no_token(pair):
    assert OutstandingToken.objects.count() == 2  # of the fixture's login, and of the owner's
    assert set(OutstandingToken.objects.values_list("token", flat=True)) == {""}


def test_a_login_sweeps_out_ones_own_expired_tokens(owner, post):
    OutstandingToken.objects.update(expires_at=timezone.now() - timedelta(days=1))
    post("auth/login", {"username": owner.user["username"], "password": PASSWORD})
    assert OutstandingToken.objects.count() == 1


def test_a_request_costs_one_query(pair, anybody, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert me(anybody, pair["access_token"]).json()["company_id"]


@pytest.mark.parametrize("path", ["auth/refresh", "auth/logout", "token/refresh"])
def test_the_token_is_read_from_the_body_only(pair, post, path):
    response = post(f"{path}?refresh_token={pair['refresh_token']}&refresh={pair['refresh_token']}")
    assert response.status_code in {400, 401}
    assert post("auth/refresh", {"refresh_token": pair["refresh_token"]}).status_code == 200
