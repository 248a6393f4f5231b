"""The container's health check: ``python -m config.healthy`` ends with 0 while the web server is ready to answer."""

import sys
import urllib.error
import urllib.request

from config import settings

SECONDS = 5


def host(allowed: list[str]) -> str:
    """A name under which the server lets itself be called."""
    first = allowed[0].lstrip(".") if allowed else "*"
    return "localhost" if first == "*" else first


def main() -> int:
    url = f"http://127.0.0.1:{settings.PORT}/health/ready"
    request = urllib.request.Request(url, headers={"Host": host(settings.ALLOWED_HOSTS)})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
            return 0
    except urllib.error.HTTPError as error:
        sys.stderr.write(f"not ready: {error.code} {error.read(500)!r}\n")
    except OSError as error:
        sys.stderr.write(f"no answer: {error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
