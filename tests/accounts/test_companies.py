import pytest

from tests.cast import refused

pytestmark = pytest.mark.django_db


def test_members_see_their_own_company_and_staff_all(owner, colleague, outsider, staff):
    mine = owner.user["company_id"]
    assert [company["id"] for company in colleague.get("companies").json()] == [mine]
    company = colleague.get(f"companies/{mine}").json()
    assert set(company) == {
        "id",
        "company_name",
        "company_code",
        "contact_email",
        "is_active",
        "created_at",
        "updated_at",
    }
    refused(colleague.get(f"companies/{outsider.user['company_id']}"), 403, "access_denied")
    refused(colleague.get("companies/999999"), 404, "company_not_found")
    ids = {company["id"] for company in staff.get("companies").json()}
    assert ids >= {1, mine, outsider.user["company_id"]}


@pytest.mark.parametrize("method", ["put", "patch"])
def test_its_admin_writes_what_is_sent_and_nothing_else(owner, colleague, outsider, method):
    address = f"/api/v1/companies/{owner.user['company_id']}"
    before = owner.client.get(address).json()
    answer = getattr(owner.client, method)(address, {"company_name": "恵比寿ストア", "id": 1}, format="json")
    assert answer.status_code == 200
    after = answer.json()
    assert after["company_name"] == "恵比寿ストア"
    changed = {"company_name", "updated_at"}
    assert {k: v for k, v in after.items() if k not in changed} == {k: v for k, v in before.items() if k not in changed}
    for person in (colleague, outsider):
        refused(getattr(person.client, method)(address, {"company_name": "x"}, format="json"), 403, "access_denied")


def test_staff_write_any(staff, owner):
    path = f"companies/{owner.user['company_id']}"
    assert staff.patch(path, {"company_code": "EBS", "contact_email": ""}).json()["company_code"] == "EBS"


def test_a_company_is_neither_made_nor_deleted_here(owner):
    refused(owner.post("companies", {"company_name": "x"}), 405, "method_not_allowed")
    refused(owner.delete(f"companies/{owner.user['company_id']}"), 405, "method_not_allowed")
