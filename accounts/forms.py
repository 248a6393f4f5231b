"""The forms of the pages: sign in, ask for a new password, choose one."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy

from accounts import lockout
from accounts.fields import MAX_PASSWORD
from accounts.passwords import WeakPassword
from accounts.recovery import InvalidResetToken, confirm
from accounts.signin import AccountDisabled
from core.errors import GENERIC
from core.throttling import AccountThrottle

LONGEST_NAME = 254


class LoginForm(AuthenticationForm):
    """Django's, by name or e-mail, under the same limits and the same lock-out as the API."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs["maxlength"] = LONGEST_NAME

    def clean(self) -> Any:
        throttle = AccountThrottle()
        asked: Any = SimpleNamespace(data=self.data, META=getattr(self.request, "META", {}))
        if not throttle.allow_request(asked, None):
            raise too_many(int(throttle.wait()) + 1)
        return super().clean()

    def get_invalid_login_error(self) -> forms.ValidationError:
        if self.request is not None and lockout.refused(self.request):
            return too_many(lockout.seconds_left(self.request, self.cleaned_data["username"]))
        return super().get_invalid_login_error()

    def confirm_login_allowed(self, user: Any) -> None:
        if not user.may_enter:
            raise forms.ValidationError(str(AccountDisabled.message), code=AccountDisabled.reason)
        super().confirm_login_allowed(user)


class AdminLoginForm(LoginForm, AdminAuthenticationForm):
    """The same for the admin, which lets in staff only."""


def too_many(seconds: int) -> forms.ValidationError:
    return forms.ValidationError(str(GENERIC["throttled"]), code="throttled", params={"seconds": seconds})


class ForgottenForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=LONGEST_NAME)


class NewPasswordForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, max_length=300)
    new_password = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if not self.errors:
            try:
                confirm(fields["token"], fields["new_password"])
            except WeakPassword as weak:
                self.add_error("new_password", [str(problem) for problem in weak.details["problems"]])
            except InvalidResetToken as invalid:
                self.add_error(None, str(invalid.message))
        return fields
