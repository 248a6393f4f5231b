import pytest

from accounts.models import User
from tests.cast import PASSWORD, login, refused

pytestmark = pytest.mark.django_db
TARO = {"username": "taro", "email": "taro@example.com", "password": PASSWORD}


def test_an_admin_adds_a_user_to_their_company(owner):
    response = owner.post("users", TARO | {"full_name": "山田 太郎"})
    user = response.json()
    assert response.status_code == 201
    assert response["Location"].endswith(f"/api/v1/users/{user['id']}")
    assert (user["role"], user["company_id"], user["is_active"]) == ("user", owner.user["company_id"], True)
    assert login("taro").get("me").json()["full_name"] == "山田 太郎"


def test_lists_hold_colleagues_newest_first(owner, colleague, outsider, staff):
    response = colleague.get("users")
    assert [user["username"] for user in response.json()] == ["colleague", owner.user["username"]]
    assert response["X-Total-Count"] == "2"
    assert [u["username"] for u in owner.get("users?q=COLL").json()] == ["colleague"]
    assert [u["username"] for u in owner.get("users?ordering=id&limit=1").json()] == [owner.user["username"]]
    everybody = {user["username"] for user in staff.get("users").json()}
    assert everybody == {owner.user["username"], "colleague", outsider.user["username"], "staff"}


@pytest.mark.parametrize("method", ["put", "patch"])
def test_an_admin_changes_what_is_sent_and_nothing_else(owner, colleague, method):
    address = f"/api/v1/users/{colleague.user['id']}"
    answer = getattr(owner.client, method)(address, {"full_name": "新", "role": "admin"}, format="json").json()
    assert answer | {"last_login": None} == colleague.user | {"full_name": "新", "role": "admin", "last_login": None}
    renamed = owner.client.patch(address, {"username": "kollege", "email": "K@example.com"}, format="json").json()
    assert (renamed["username"], renamed["email"]) == ("kollege", "K@example.com")


def test_a_password_set_by_the_admin_ends_the_users_tokens(owner, colleague):
    path = f"users/{colleague.user['id']}"
    refused(owner.patch(path, {"password": "12345678"}), 400, "weak_password")
    assert colleague.get("me").status_code == 200
    assert owner.patch(path, {"password": "battery-Staple-7"}).status_code == 200
    refused(colleague.get("me"), 401, "invalid_token")


def test_taken_names_are_refused(owner, colleague, outsider):
    refused(owner.post("users", TARO | {"email": outsider.user["email"]}), 400, "email_already_exists")
    refused(owner.post("users", TARO | {"username": "COLLEAGUE"}), 400, "username_already_exists")
    path = f"users/{colleague.user['id']}"
    refused(owner.patch(path, {"username": outsider.user["username"].upper()}), 400, "username_already_exists")
    refused(owner.patch(path, {"email": owner.user["email"]}), 400, "email_already_exists")


def test_a_company_keeps_an_active_admin(owner, colleague, staff):
    path = f"users/{owner.user['id']}"
    for change in ({"role": "user"}, {"is_active": False}):
        error = refused(owner.patch(path, change), 400, "last_admin")
        assert error["details"] == {"username": owner.user["username"]}
    refused(staff.patch(path, {"company_id": 1}), 400, "last_admin")
    refused(staff.delete(path), 400, "last_admin")
    owner.patch(f"users/{colleague.user['id']}", {"role": "admin", "is_active": False})
    refused(owner.patch(path, {"role": "user"}), 400, "last_admin")  # the other one is not active
    owner.patch(f"users/{colleague.user['id']}", {"is_active": True})
    assert owner.patch(path, {"role": "user"}).status_code == 200


def test_nobody_deletes_themselves(owner, colleague):
    owner.patch(f"users/{colleague.user['id']}", {"role": "admin"})
    refused(owner.delete(f"users/{owner.user['id']}"), 400, "own_account")
    assert colleague.delete(f"users/{owner.user['id']}").status_code == 204
    refused(owner.get("me"), 401, "invalid_token")
    refused(colleague.get(f"users/{owner.user['id']}"), 404, "user_not_found")


def test_staff_put_people_where_they_like(staff, owner, colleague):
    user = staff.post("users", TARO | {"company_id": owner.user["company_id"], "role": "admin"}).json()
    assert user["company_id"] == owner.user["company_id"]
    moved = staff.patch(f"users/{colleague.user['id']}", {"company_id": "1"})
    assert moved.json()["company_id"] == 1
    refused(staff.post("users", TARO | {"company_id": 999999}), 404, "company_not_found")


def test_staff_without_a_company_say_which(staff):
    refused(staff.post("users", TARO), 400, "company_required")


def test_an_admin_puts_nobody_into_another_company(owner, outsider, colleague):
    refused(owner.post("users", TARO | {"company_id": outsider.user["company_id"]}), 403, "access_denied")
    refused(owner.post("users", TARO | {"company_id": 999999}), 404, "company_not_found")
    path = f"users/{colleague.user['id']}"
    refused(owner.patch(path, {"company_id": outsider.user["company_id"]}), 403, "access_denied")
    assert owner.patch(path, {"company_id": owner.user["company_id"]}).status_code == 200
    assert User.objects.get(username="colleague").company_id == owner.user["company_id"]


def test_a_company_admin_has_no_way_to_a_superusers_password(root, db):
    created = root.post("users", TARO | {"role": "admin"})
    assert created.json()["company_id"] == 1
    taro = login("taro")
    for change in ({"password": "battery-Staple-7"}, {"email": "mine@example.com"}, {"is_active": False}):
        refused(taro.patch(f"users/{root.user['id']}", change), 403, "access_denied")
    refused(taro.delete(f"users/{root.user['id']}"), 403, "access_denied")
    assert root.get("me").status_code == 200


def test_staff_do_not_reach_a_superusers_password_either(root, staff):
    refused(staff.patch(f"users/{root.user['id']}", {"password": "battery-Staple-7"}), 403, "access_denied")


def test_who_has_no_company_sees_only_themselves(db):
    for name in ("lone", "other"):
        User.objects.create_user(name, f"{name}@example.com", PASSWORD, role="admin")
    lone = login("lone")
    assert [user["username"] for user in lone.get("users").json()] == ["lone"]
    refused(lone.post("users", TARO), 403, "access_denied")


@pytest.mark.parametrize("path", ["users/abc", "users/-1", "users/1.0", "users/٣"])
def test_an_id_is_a_number(owner, path):
    refused(owner.get(path), 404, "route_not_found")


@pytest.mark.parametrize("pk", [0, 999999, 10**17])
def test_an_unknown_id(owner, staff, pk):
    for person in (owner, staff):
        refused(person.get(f"users/{pk}"), 404, "user_not_found")
        refused(person.patch(f"users/{pk}", {}), 404, "user_not_found")
        refused(person.delete(f"users/{pk}"), 404, "user_not_found")
