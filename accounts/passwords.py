"""Strong enough? The configured validators' verdict as one error."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import InvalidInput


class WeakPassword(InvalidInput):
    """``details``: the field's name, what is wrong in words, and the same as stable codes."""

    reason = "weak_password"
    message = _("The password is too weak. %(problems)s")


class WrongPassword(InvalidInput):
    reason = "wrong_password"
    message = _("The current password is not correct.")


def require_strong(password: str, user: User, field: str = "password") -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        codes = [str(problem.code) for problem in error.error_list]
        raise WeakPassword(field=field, problems=error.messages, codes=codes) from None
