"""docker-compose.yml against the compose specification's own schema, and what the image promises it."""

import json
import re
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def schema() -> dict:
    vendored = resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    return json.loads(vendored.read_text())


def test_it_keeps_the_compose_specification():
    jsonschema.validate(COMPOSE, schema())


def test_the_schema_is_one_that_can_refuse():
    broken = COMPOSE | {"services": {"web": {"imagee": "x"}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema())


def test_every_command_is_one_of_the_entrypoint():
    script = (ROOT / "entrypoint.sh").read_text()
    known = set(re.findall(r"^([a-z]+)\)$", script, re.MULTILINE))
    used = {service["command"][0] for service in COMPOSE["services"].values() if "command" in service}
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert used == {"web", "worker", "migrate"}
    assert used <= known
    assert 'ENTRYPOINT ["./entrypoint.sh"]' in dockerfile
    assert 'CMD ["web"]' in dockerfile


def test_web_starts_after_the_migration_and_the_migration_after_a_healthy_database():
    services = COMPOSE["services"]
    assert services["web"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert "pg_isready" in " ".join(services["postgres"]["healthcheck"]["test"])


def test_secrets_are_asked_for_never_defaulted():
    written = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        assert re.findall(rf"\$\{{{name}(.)", written) == [":"] * len(re.findall(rf"\$\{{{name}", written))
        assert f"${{{name}:?" in written
        assert f"${{{name}:-" not in written


def test_every_volume_that_is_mounted_is_declared():
    mounted = {mount.split(":")[0] for service in COMPOSE["services"].values() for mount in service["volumes"]}
    assert mounted == set(COMPOSE["volumes"])


def test_the_image_runs_as_a_user_of_its_own():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER (?!root|0)\w+$", dockerfile, re.MULTILINE)


def test_secrets_and_history_stay_out_of_the_image():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ".*" in ignored  # .env, .git, .venv
    assert [line for line in ignored if line.startswith("!")] == ["!.env.example"]
