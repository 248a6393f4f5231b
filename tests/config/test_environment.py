"""Settings come from the environment; a bad value stops the start and says what to do."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = "k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2


def read(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Evaluates an expression over the settings in a process of its own."""
    code = f"from config import settings\nprint(repr(({expression})))"
    bare = {"PATH": os.environ["PATH"], "IGNORE_DOTENV": "1", "SECRET_KEY": GOOD}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=bare | environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("environment", "hint"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "too short"),
        ({"SECRET_KEY": "change-me"}, "too short or well known"),
        ({"SECRET_KEY": "a" * 60}, "too short or well known"),
        ({"JWT_SECRET": "short"}, "JWT_SECRET"),
        ({"JWT_ALGORITHM": "none"}, "only HS256"),
        ({"DEBUG": "maybe"}, "DEBUG='maybe'"),
        ({"MAX_FILE_SIZE": "100MB"}, "MAX_FILE_SIZE='100MB'"),
        ({"PORT": "99999"}, "1 to 65535"),
        ({"REGISTRATION": "sometimes"}, "open, closed"),
        ({"CORS_ORIGINS": "[1]"}, "JSON list"),
        ({"PUBLIC_URL": "data.example.com"}, "https://"),
        ({"DATABASE_URL": "mysql://x"}, "postgresql://"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"EMAIL_URL": "pigeon://x"}, "EMAIL_URL"),
        ({"LLM_BASE_URL": "llm.example.com/v1", "LLM_MODEL": "m"}, "LLM_BASE_URL"),
        ({"LLM_BASE_URL": "file:///etc/passwd", "LLM_MODEL": "m"}, "https://llm.example.com/v1"),
        ({"LLM_BASE_URL": "https://llm.example.com:port/v1", "LLM_MODEL": "m"}, "LLM_BASE_URL"),
        ({"LLM_BASE_URL": "https://llm.example.com/v1?key=x", "LLM_MODEL": "m"}, "LLM_BASE_URL"),
        ({"LLM_BASE_URL": "https://llm.example.com/v1"}, "LLM_MODEL is not set"),
        ({"LLM_BASE_URL": "https://a.example/v1", "LLM_MODEL": "m", "LLM_ALLOWED_HOSTS": "b.example"}, "a.example"),
        ({"LLM_ALLOWED_HOSTS": "*"}, "LLM_ALLOWED_HOSTS"),
        ({"LLM_ALLOWED_HOSTS": "https://a.example"}, "LLM_ALLOWED_HOSTS"),
        ({"LLM_API_KEY": "with a space"}, "LLM_API_KEY"),
        ({"LLM_SEND_SAMPLES": "perhaps"}, "LLM_SEND_SAMPLES='perhaps'"),
        ({"LLM_SECONDS": "0"}, "1 to 600"),
    ],
)
def test_a_bad_value_stops_the_start_with_a_hint(environment, hint):
    result = read("settings.PORT", **environment)
    assert result.returncode != 0
    assert hint in result.stderr


@pytest.mark.parametrize(
    ("environment", "expression", "expected"),
    [
        ({}, "settings.DEBUG, settings.MAX_FILE_SIZE, settings.REGISTRATION", (False, 104857600, "open")),
        ({"JWT_SECRET": GOOD[::-1]}, "settings.SIMPLE_JWT['SIGNING_KEY']", GOOD[::-1]),
        ({}, "settings.SIMPLE_JWT['SIGNING_KEY']", GOOD),
        ({"UPLOAD_DIR": "/srv/up"}, "str(settings.MEDIA_ROOT)", "/srv/up"),
        ({"BACKEND_CORS_ORIGINS": "http://a:1,http://b"}, "settings.CORS_ALLOWED_ORIGINS", ["http://a:1", "http://b"]),
        ({"CORS_ORIGINS": '["http://a:1"]'}, "settings.CORS_ALLOWED_ORIGINS", ["http://a:1"]),
        ({"ALLOWED_HOSTS": "*"}, "settings.ALLOWED_HOSTS", ["*"]),
        (
            {"DB_HOST": "db", "DB_PORT": "", "DB_NAME": "analytics", "DB_USER": "u", "DB_PASSWORD": "p"},
            "[settings.DATABASES['default'][k] for k in ('ENGINE', 'HOST', 'PORT', 'NAME')]",
            ["django.db.backends.postgresql", "db", "", "analytics"],
        ),
        (
            {"DATABASE_URL": "postgresql://u:p@h:5433/n", "DB_ENGINE": "sqlite"},
            "[settings.DATABASES['default'][k] for k in ('ENGINE', 'HOST', 'PORT', 'NAME')]",
            ["django.db.backends.postgresql", "h", 5433, "n"],
        ),
        ({"DATABASE_URL": "sqlite:////tmp/x.db"}, "str(settings.DATABASES['default']['NAME'])", "/tmp/x.db"),
        ({"DATABASE_URL": "sqlite:///./app.db"}, "settings.DATABASES['default']['NAME'].name", "app.db"),
        ({"REDIS_HOST": "r", "REDIS_DB": "2"}, "settings.CACHES['default']['LOCATION']", "redis://r:6379/2"),
        ({"PUBLIC_URL": "https://d.example/"}, "settings.PUBLIC_URL", "https://d.example"),
        ({"PUBLIC_URL": "https://d.example/"}, "settings.SECURE_SSL_REDIRECT", True),
        (
            {},
            "settings.LLM_BASE_URL, settings.LLM_MODEL, settings.LLM_ALLOWED_HOSTS, settings.LLM_SEND_SAMPLES, "
            "settings.LLM_SECONDS",
            ("", "", [], False, 60),
        ),
        (
            {"LLM_BASE_URL": "https://LLM.example.com:8443/v1/", "LLM_MODEL": "m", "LLM_API_KEY": "sk-1"},
            "settings.LLM_BASE_URL, settings.LLM_ALLOWED_HOSTS, settings.LLM_API_KEY",
            ("https://LLM.example.com:8443/v1", ["llm.example.com"], "sk-1"),
        ),
        (
            {"LLM_BASE_URL": "http://[::1]:1/v1", "LLM_MODEL": "m", "LLM_ALLOWED_HOSTS": "B.example, [::1]"},
            "settings.LLM_ALLOWED_HOSTS",
            ["b.example", "::1"],
        ),
    ],
)  # fmt: skip
def test_names_and_their_aliases(environment, expression, expected):
    result = read(expression, **environment)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == repr(expected)


@pytest.mark.parametrize(
    "environment",
    [
        {"LLM_BASE_URL": "https://me:s3cr3t-word@llm.example.com/v1", "LLM_MODEL": "m"},
        {"LLM_API_KEY": "s3cr3t-word\u00e9"},
    ],
)
def test_a_hint_does_not_repeat_a_secret(environment):
    result = read("settings.PORT", **environment)
    assert result.returncode != 0
    assert "LLM_" in result.stderr
    assert "s3cr3t-word" not in result.stderr


def test_every_setting_that_is_read_is_documented():
    code = "".join((ROOT / "config" / name).read_text() for name in ("env.py", "settings.py"))
    reading = r'(?:env\.)?\b(?:text|switch|number|choice|listing|url|model_\w+)\(\s*"([A-Z][A-Z_]+)"'
    read_names = set(re.findall(reading, code))
    documented = set(re.findall(r"\b[A-Z][A-Z_]{2,}\b", (ROOT / ".env.example").read_text()))
    assert read_names - documented == set()
