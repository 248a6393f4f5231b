"""/metrics: counts by route, for those who may read them."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

pytestmark = pytest.mark.django_db


def counted(client, sample: str = "http_requests_total", **labels: str) -> float:
    families = text_string_to_metric_families(client.get("/metrics").content.decode())
    samples = [found for family in families for found in family.samples if found.name == sample]
    return sum(found.value for found in samples if labels.items() <= found.labels.items())


def test_requests_are_counted_by_route_method_and_status(client):
    labels = {"method": "GET", "route": "/api/v1/datasets/{id}", "status": "401"}
    before = counted(client, **labels)
    for number in (1, 2, 3):
        client.get(f"/api/v1/datasets/{number}")
    assert counted(client, **labels) == before + 3


def test_what_callers_make_up_never_becomes_a_label(client):
    before = counted(client, route="unrouted")
    client.get("/made-up-by-a-caller")
    client.generic("BREW", "/api/v1/health")
    text = client.get("/metrics").content.decode()
    assert counted(client, route="unrouted") == before + 1
    assert "made-up" not in text
    assert "BREW" not in text
    assert 'method="OTHER"' in text


def test_durations_are_seconds(client):
    client.get("/health")
    total = counted(client, "http_request_duration_seconds_sum", route="/health")
    number = counted(client, "http_request_duration_seconds_count", route="/health")
    assert 0 < total / number < 10


@pytest.mark.parametrize("address", ["10.0.0.7", "2001:db8::1", ""])
def test_other_machines_are_refused(client, address):
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 403


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_may_read(client, address):
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 200


def test_a_proxy_on_this_machine_does_not_open_the_door(client):
    assert client.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 403
    assert client.get("/metrics", headers={"forwarded": "for=203.0.113.9"}).status_code == 403


def test_the_token_opens_it_and_nothing_else_does(client, settings):
    settings.METRICS_TOKEN = "let-me-in-日本"
    far = {"REMOTE_ADDR": "203.0.113.9"}
    for given, status in [("Bearer let-me-in-日本", 200), ("Bearer wrong", 403), ("Bearer ", 403), ("", 403)]:
        assert client.get("/metrics", headers={"authorization": given}, **far).status_code == status
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"authorization": "Bearer "}, **far).status_code == 403
