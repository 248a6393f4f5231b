import pytest

from accounts.models import Company, User
from tests.cast import PASSWORD, refused

pytestmark = pytest.mark.django_db
HANAKO = {"username": "Hanako", "email": "Hanako@Example.com", "password": PASSWORD, "full_name": "山田 花子"}


@pytest.mark.parametrize("path", ["auth/register", "users/register", "auth/register/"])
def test_the_answer_is_the_user(post, path):
    response = post(path, HANAKO)
    assert response.status_code == 201
    user = response.json()
    assert set(user) == {
        "id", "username", "email", "full_name", "role", "company_id", "is_active", "is_staff",
        "created_at", "last_login",
    }  # fmt: skip
    assert (user["username"], user["full_name"], user["role"]) == ("Hanako", "山田 花子", "admin")
    assert (user["is_active"], user["is_staff"], user["last_login"]) == (True, False, None)
    assert user["created_at"].endswith("+00:00")


def test_everybody_gets_a_company_of_their_own(post):
    first = post("auth/register", HANAKO).json()
    second = post("auth/register", {"email": "taro@example.com", "password": PASSWORD}).json()
    assert first["company_id"] != second["company_id"]
    assert 1 not in {first["company_id"], second["company_id"]}
    assert Company.objects.get(pk=1).company_name == "Default Company"


@pytest.mark.parametrize(
    ("emails", "names"),
    [
        (["taro@example.com", "taro@example.org", "Taro@example.net"], ["taro", "taro2", "Taro3"]),
        (["o'neil!x@example.com"], ["o-neil-x"]),
        (["a.b+c_d@example.com"], ["a.b+c_d"]),
        (["!@example.com"], ["user"]),
    ],
)
def test_a_name_is_derived_from_the_email(post, emails, names):
    made = [post("auth/register", {"email": email, "password": PASSWORD}).json()["username"] for email in emails]
    assert made == names


def test_a_name_or_an_address_is_taken_in_any_case(post):
    assert post("auth/register", HANAKO).status_code == 201
    same_email = HANAKO | {"email": "HANAKO@example.COM", "username": "x"}
    refused(post("auth/register", same_email), 400, "email_already_exists")
    same_name = HANAKO | {"email": "x@example.com", "username": "hANAKO"}
    refused(post("auth/register", same_name), 400, "username_already_exists")
    assert User.objects.count() == 1


def test_letters_beyond_ascii_make_no_second_person_either(post):
    names = ["École", "ÉCOLE", "ｅ́cole"]
    answers = [
        post("auth/register", {"username": name, "email": f"e{n}@example.com", "password": PASSWORD}).status_code
        for n, name in enumerate(names)
    ]
    assert answers == [201, 400, 400]


@pytest.mark.parametrize("password", ["short7!", "1234567", "password123", "4839204857", "hanako@example.com"])
def test_a_weak_password_says_why(post, password):
    error = refused(post("auth/register", HANAKO | {"password": password}), 400, "weak_password")
    assert error["details"]["field"] == "password"
    assert error["details"]["problems"] and len(error["details"]["codes"]) == len(error["details"]["problems"])
    assert error["message"] == " ".join(["The password is too weak.", *error["details"]["problems"]])


def test_the_passwords_of_documented_examples_are_strong_enough(post):
    for name, password in [("u", "Password123!"), ("testuser", "securepassword123")]:
        body = {"username": name, "email": f"{name}@example.com", "password": password}
        assert post("users/register", body).status_code == 201


def test_long_japanese_passwords_count_to_the_last_character(post, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.BCryptSHA256PasswordHasher"]
    long = "合言葉は朝焼けの海" * 9
    assert post("auth/register", HANAKO | {"password": long + "あ"}).status_code == 201
    assert post("auth/login", {"username": "hanako", "password": long + "あ"}).status_code == 200
    refused(post("auth/login", {"username": "hanako", "password": long + "い"}), 401, "invalid_credentials")
    assert User.objects.get().password.startswith("bcrypt_sha256$")


@pytest.mark.parametrize("name", ["a@b", "a b", "a/b", "", "x" * 151, "ａ＠ｂ"])
def test_names_that_no_user_may_have(post, name):
    response = post("auth/register", HANAKO | {"username": name})
    if name == "":
        assert response.json()["username"] == "Hanako"  # as if it were absent
    else:
        assert "username" in refused(response, 400, "validation_error")["details"]


def test_registration_can_be_closed(post, settings):
    settings.REGISTRATION = "closed"
    refused(post("auth/register", HANAKO), 403, "registration_closed")
    refused(post("users/register", {}), 403, "registration_closed")
    assert not User.objects.exists()


def test_role_and_rights_are_not_for_the_asking(post):
    body = HANAKO | {"is_staff": True, "is_superuser": True, "company_id": 1, "is_active": False, "id": 99}
    user = post("auth/register", body).json()
    assert (user["is_staff"], user["is_active"]) == (False, True)
    assert user["company_id"] != 1 and not User.objects.get().is_superuser
