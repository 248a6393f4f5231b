"""Pages at the root for people: sign in and out, get over a forgotten password."""

from typing import Any

from django import forms
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse
from django.views.generic import FormView

from accounts import recovery
from accounts.forms import ForgottenForm, LoginForm, NewPasswordForm
from core.api import route


class Login(LoginView):
    template_name = "accounts/login.html"
    authentication_form = LoginForm


class PasswordReset(FormView[forms.Form]):
    """Without a token: whom to mail the link to. With one: the new password."""

    template_name = "accounts/password_reset.html"

    def get_form_class(self) -> type[forms.Form]:
        return NewPasswordForm if self._token() else ForgottenForm

    def get_initial(self) -> dict[str, Any]:
        return {"token": self._token()}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        if isinstance(form, ForgottenForm):
            recovery.request_reset(form.cleaned_data["email"])
        return self.render_to_response(self.get_context_data(form=form, done=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(choosing=bool(self._token()), **kwargs)

    def _token(self) -> str:
        return str(self.request.GET.get("token") or self.request.POST.get("token") or "")


pages = [
    route("login", Login.as_view(), name="login"),
    route("logout", LogoutView.as_view(), name="logout"),
    route("password-reset", PasswordReset.as_view(), name="password-reset"),
]
