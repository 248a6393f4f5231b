"""Sign-in by user name or e-mail."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import User


class NameOrEmailBackend(ModelBackend):
    """Takes either in ``username``, in any case.

    Gives back a disabled account too when the password is right, so that the caller can say so; a session of one is
    never loaded.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if not username or password is None:
            return None
        user = User.objects.select_related("company").called(username).first()
        if user is None:
            User().set_password(password)  # an unknown name costs as much time as a known one
            return None
        return user if user.check_password(password) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return user is not None and user.may_enter

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("company").filter(pk=user_id).first()
        return user if self.user_can_authenticate(user) else None
