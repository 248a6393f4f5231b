"""Which language model is asked, and whether it may be."""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from cleaning.planner.llm.failing import LlmFailed
from tabular.errors import gettext_noop

PORTS = {"http": 80, "https": 443}


class LlmNotConfigured(LlmFailed):
    reason = "llm_not_configured"
    message = gettext_noop("No language model can be asked: check %(settings)s.")


class LlmHostNotAllowed(LlmFailed):
    reason = "llm_host_not_allowed"
    message = gettext_noop("The language model's host %(host)s is not allowed. Allowed are: %(hosts)s.")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible endpoint, ``{base_url}/chat/completions``, and the limits of one proposal.

    ``allowed_hosts`` are exact host names. ``seconds`` is for the whole proposal, retries included; ``max_bytes`` for
    one answer; ``retries`` are repetitions after the first request. ``send_samples`` lets cells leave the house.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str
    allowed_hosts: tuple[str, ...]
    send_samples: bool = False
    seconds: float = 60
    max_bytes: int = 1_000_000
    retries: int = 2


@dataclass(frozen=True, slots=True)
class Address:
    """Where requests go. The same parts are checked and connected to, so that no second parser can differ."""

    scheme: str
    host: str
    port: int
    path: str


def address(endpoint: Endpoint) -> Address:
    """Raises ``LlmNotConfigured`` when something is missing or malformed, ``LlmHostNotAllowed``."""
    parts = _parts(endpoint.base_url)
    wrong = {
        "LLM_BASE_URL": parts is None,
        "LLM_MODEL": not endpoint.model,
        "LLM_API_KEY": not _fits_a_header(endpoint.api_key),
    }
    if parts is None or any(wrong.values()):
        raise LlmNotConfigured(settings=[name for name, is_wrong in wrong.items() if is_wrong])
    host = parts.hostname or ""
    if host not in {one.lower().strip("[]") for one in endpoint.allowed_hosts}:
        raise LlmHostNotAllowed(host=host, hosts=list(endpoint.allowed_hosts))
    port = PORTS[parts.scheme] if parts.port is None else parts.port
    return Address(parts.scheme, host, port, parts.path.rstrip("/") + "/chat/completions")


def _parts(base_url: str) -> SplitResult | None:
    """None unless it is a plain http(s) address: no user, query or fragment, ASCII without spaces or backslashes."""
    if not _fits_a_header(base_url) or "\\" in base_url:
        return None
    try:
        parts = urlsplit(base_url)
        plain = parts.scheme in PORTS and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if plain and not (set("@") & set(parts.netloc) or set("?#") & set(base_url)) else None


def _fits_a_header(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text
