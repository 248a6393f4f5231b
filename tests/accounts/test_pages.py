import pytest

from accounts.models import Company, User
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(root, client):
    assert client.post("/admin/login/", {"username": "ROOT@example.com", "password": PASSWORD}).status_code == 302
    return client


def test_people_who_are_not_staff_sign_in_and_out(owner, client):
    assert client.get("/login").status_code == 200
    response = client.post("/login?next=/api/v1/me", {"username": owner.user["email"], "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/api/v1/me")
    assert client.get("/api/v1/me").json()["id"] == owner.user["id"]
    assert client.post("/logout").status_code == 302
    assert client.get("/api/v1/me").status_code == 401


def test_a_sign_in_leads_nowhere_else(owner, client):
    body = {"username": owner.user["username"], "password": PASSWORD, "next": "https://evil.example.com/"}
    assert client.post("/login", body)["Location"] == "/api/v1"


@pytest.mark.parametrize("page", ["/login", "/admin/login/"])
@pytest.mark.parametrize("name", ["nobody", "x" * 100_000, "nul\x00", "", "日本"])
def test_what_nobody_is_called_is_an_error_on_the_page(client, page, name):
    response = client.post(page, {"username": name, "password": "no"})
    assert response.status_code == 200
    assert response.context["form"].errors


def test_disabled_accounts_are_told_so_and_their_cookies_end(owner, client):
    body = {"username": owner.user["username"], "password": PASSWORD}
    client.post("/login", body)
    User.objects.filter(pk=owner.user["id"]).update(is_active=False)
    assert client.get("/api/v1/me").status_code == 401
    assert "disabled" in client.post("/login", body).content.decode()


ADDRESSES = ["me", "auth/me", "users/me", "users", "users/{id}", "companies", "companies/{company}", "data/sessions",
             "auth/login", "auth/register", "auth/refresh", "auth/logout", "auth/password-reset", "token",
             "users/change-password", "token/verify", "auth/password-reset/confirm"]  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("person", ["owner", "colleague", "anonymous"])
def test_every_address_is_a_page_for_browsers(owner, colleague, client, path, person):
    if person != "anonymous":
        name = owner.user["username"] if person == "owner" else "colleague"
        client.post("/login", {"username": name, "password": PASSWORD})
    address = path.format(id=owner.user["id"], company=owner.user["company_id"])
    response = client.get(f"/api/v1/{address}", headers={"accept": "text/html"})
    assert response.status_code in {200, 401, 405}
    assert response["Content-Type"].startswith("text/html")
    assert client.options(f"/api/v1/{address}").status_code in {200, 401}


def test_the_admin_is_for_staff(owner, client):
    body = {"username": owner.user["username"], "password": PASSWORD}
    assert "staff account" in client.post("/admin/login/", body).content.decode()


LISTS = ["accounts/user", "accounts/company", "accounts/worksession", "token_blacklist/outstandingtoken",
         "token_blacklist/blacklistedtoken"]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_lists_open_search_and_filter(browser, owner, path):
    owner.post("auth/logout", {"refresh_token": owner.post("auth/login", {"username": owner.user["username"],
                               "password": PASSWORD}).json()["refresh_token"]})  # fmt: skip
    page = browser.get(f"/admin/{path}/?q=owner")
    assert page.status_code == 200
    assert owner.user["username"] in page.content.decode()


@pytest.mark.parametrize("state", ["live", "expired"])
def test_sessions_are_filtered_by_state(browser, owner, state):
    page = browser.get(f"/admin/accounts/worksession/?state={state}").content.decode()
    assert (owner.user["username"] in page) == (state == "live")


def test_a_user_is_changed_without_a_trace_of_the_hash(browser, owner):
    user = User.objects.get(pk=owner.user["id"])
    path = f"/admin/accounts/user/{user.pk}/change/"
    page = browser.get(path).content.decode()
    algorithm, _salt, digest = user.password.split("$")
    assert digest[:6] not in page and algorithm not in page
    assert "../password/" in page
    company = Company.objects.get(pk=1)
    body = {"username": user.username, "email": user.email, "full_name": "新しい", "company": company.pk,
            "role": "user", "is_active": "on"}  # fmt: skip
    assert browser.post(path, body).status_code == 302
    user.refresh_from_db()
    assert (user.full_name, user.company_id, user.check_password(PASSWORD)) == ("新しい", 1, True)
    assert "algorithm" not in browser.get(f"/admin/accounts/user/{user.pk}/password/").content.decode()


def test_a_user_is_added_and_a_taken_name_is_a_form_error(browser, owner):
    body = {"username": "taro", "email": "taro@example.com", "full_name": "", "company": 1, "role": "user",
            "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}  # fmt: skip
    assert browser.post("/admin/accounts/user/add/", body).status_code == 302
    again = body | {"username": "TARO", "email": owner.user["email"].upper()}
    assert browser.post("/admin/accounts/user/add/", again).status_code == 200
    assert User.objects.filter(username__iexact="taro").count() == 1


def test_staff_with_permissions_raise_nobody_and_leave_superusers_alone(root, client):
    from django.contrib.auth.models import Permission

    clerk = User.objects.create_user("clerk", "clerk@example.com", PASSWORD, is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client.post("/admin/login/", {"username": "clerk", "password": PASSWORD})
    body = {"username": "clerk", "email": clerk.email, "full_name": "x", "role": "user", "is_active": "on",
            "is_superuser": "on", "is_staff": "on"}  # fmt: skip
    assert client.post(f"/admin/accounts/user/{clerk.pk}/change/", body).status_code == 302
    clerk.refresh_from_db()
    assert (clerk.full_name, clerk.is_superuser) == ("x", False)
    path = f"/admin/accounts/user/{root.user['id']}"
    assert client.post(f"{path}/password/", {"password1": "x", "password2": "x"}).status_code == 403
    assert client.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{path}/change/", body | {"username": "root"}).status_code == 403


@pytest.mark.parametrize("path", LISTS[3:])
def test_tokens_are_read_only(browser, owner, path):
    assert browser.get(f"/admin/{path}/add/").status_code == 403
    assert browser.post(f"/admin/{path}/1/delete/", {"post": "yes"}).status_code == 403
