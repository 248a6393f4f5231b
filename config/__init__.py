"""Composition root: settings, the URL page, WSGI and ASGI. Knows every app, known by none."""
