import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Company, User
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_configured(settings):
    settings.ADMIN_USERNAME, settings.ADMIN_PASSWORD, settings.ADMIN_EMAIL = "boss", PASSWORD, "boss@example.com"


def ensure(capsys) -> str:
    call_command("ensure_admin")
    return capsys.readouterr().out


def test_the_first_start_makes_the_administrator_of_company_1(capsys, post):
    assert "boss" in ensure(capsys)
    boss = User.objects.get()
    assert (boss.is_superuser, boss.is_staff, boss.role, boss.company_id) == (True, True, "admin", 1)
    assert Company.objects.get(pk=1).company_name == "Default Company"
    assert post("auth/login", {"username": "boss", "password": PASSWORD}).status_code == 200


def test_later_starts_change_nothing(capsys, settings):
    ensure(capsys)
    settings.ADMIN_USERNAME, settings.ADMIN_PASSWORD = "other", "other-Password-1"
    assert ensure(capsys) == ""
    assert User.objects.get().check_password(PASSWORD)


def test_a_generated_password_is_printed_once_and_works(capsys, settings, post):
    settings.ADMIN_PASSWORD = ""
    printed = ensure(capsys).split("password ")[1].split()[0]
    assert len(printed) >= 20
    assert post("auth/login", {"username": "boss", "password": printed}).status_code == 200
    assert ensure(capsys) == ""


def test_a_chosen_password_is_never_printed(capsys, settings):
    settings.ADMIN_PASSWORD = "admin123"
    call_command("ensure_admin")
    printed = capsys.readouterr()
    assert "admin123" not in printed.out + printed.err
    assert "weak" in printed.err
    assert User.objects.get().check_password("admin123")


@pytest.mark.parametrize(("name", "value"), [("ADMIN_EMAIL", "nobody"), ("ADMIN_USERNAME", "a@b")])
def test_a_bad_value_says_which(settings, name, value):
    setattr(settings, name, value)
    with pytest.raises(CommandError, match=name):
        call_command("ensure_admin")


def test_a_name_that_somebody_has_says_what_to_do(settings, owner):
    settings.ADMIN_USERNAME = owner.user["username"].upper()
    with pytest.raises(CommandError, match="ADMIN_USERNAME"):
        call_command("ensure_admin")
    assert connection.is_usable()


def test_createsuperuser_administers_company_1(monkeypatch, capsys):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, username="super", email="super@example.com")
    user = User.objects.get()
    assert (user.company_id, user.role, user.is_superuser) == (1, "admin", True)
    with pytest.raises(CommandError, match="already taken"):
        call_command("createsuperuser", interactive=False, username="super", email="super2@example.com")


def test_the_schema_of_the_database_is_what_the_models_say(capsys):
    call_command("makemigrations", "accounts", check=True, dry_run=True)
