"""Sign-in by user name or e-mail."""

from django.contrib.auth.backends import ModelBackend


class NameOrEmailBackend(ModelBackend):
    """Takes either in ``username``."""
