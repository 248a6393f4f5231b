"""``entrypoint.sh run``: prepares database and static files, then keeps the product's processes running."""

import errno
import socket
import sys
import threading
import time
import urllib.error
import urllib.request

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.supervise import Program, Supervisor

WEB = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi:application"]
WORKER = [sys.executable, "manage.py", "worker"]
PREPARE = [sys.executable, "manage.py", "prepare"]


def main() -> int:
    try:
        from config import settings

        address = env.text("BIND_ADDRESS", default="127.0.0.1")
        refusal = port_refusal(address, settings.PORT)
    except ImproperlyConfigured as error:
        refusal = str(error)
    if refusal:
        sys.stderr.write(f"Can't start: {refusal}\n")
        return 2
    supervisor = Supervisor()
    code = supervisor.once(PREPARE)
    if code or supervisor.stopping:
        return 0 if supervisor.stopping else code
    inside = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(address, address)  # noqa: S104 - looked up, not bound
    health = f"http://{inside}:{settings.PORT}/health"
    threading.Thread(target=announce, args=(health, settings.PUBLIC_URL), daemon=True).start()
    workers = [Program("worker", WORKER)] if settings.WORKERS else []
    return supervisor.keep([Program("web", WEB), *workers])


def port_refusal(address: str, port: int) -> str | None:
    """Why the web server could not listen there, in words; None when it can."""
    host = address.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"port {port} is in use. Stop what listens there, or choose another: PORT={port + 1} make run"
            return f"can't listen on {address}:{port} ({error.strerror}). Set PORT and BIND_ADDRESS."
    return None


def announce(health: str, public_url: str) -> None:
    """Says where to look, once the web server answers at ``health``."""
    while not answers(health):
        time.sleep(0.1)
    sys.stdout.write(
        f"\nReady.\n  start page     {public_url}/\n  API and docs   {public_url}/api/v1   {public_url}/docs\n"
        f"  admin          {public_url}/admin/\nCtrl-C stops it.\n\n"
    )
    sys.stdout.flush()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError:
        return True  # it listens and speaks HTTP: all that was asked
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
