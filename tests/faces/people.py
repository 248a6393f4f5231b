"""Somebody at a browser: signed in by session, asking for pages."""

from django.test import Client

from accounts.models import Company, User, default_company

PASSWORD = "Correct-Horse-9"


def visitor(name: str = "", **fields) -> Client:
    """A browser; signed in as a new person when there is a name."""
    client = Client(headers={"accept": "text/html"})
    if name:
        company = fields.pop("company", None) or Company.objects.create(company_name=f"{name}'s")
        person = User.objects.create_user(name, f"{name}@example.com", PASSWORD, company=company, **fields)
        client.force_login(person, backend="accounts.backends.NameOrEmailBackend")
    return client


def staff(name: str = "boss") -> Client:
    """A superuser's browser."""
    return visitor(name, company=default_company(), is_staff=True, is_superuser=True)


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content[:500]
    assert response["Content-Type"].startswith("text/html")
    return response.content.decode()
