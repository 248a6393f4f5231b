"""The account routes; config mounts them at /api/v1/ and /api/."""

from typing import Any

from accounts.views import entry, me
from accounts.views.companies import CompanyViewSet
from accounts.views.users import UserViewSet
from core.api import route

users: Any = {"get": "list", "post": "create"}
user: Any = {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}
companies: Any = {"get": "list"}
company: Any = {"get": "retrieve", "put": "update", "patch": "partial_update"}

urlpatterns = [
    route("auth/register", entry.Register.as_view()),
    route("users/register", entry.Register.as_view()),
    route("auth/login", entry.Login.as_view()),
    route("auth/login/json", entry.Login.as_view()),
    route("auth/refresh", entry.Refresh.as_view()),
    route("auth/logout", entry.Logout.as_view()),
    route("auth/password-reset", me.PasswordReset.as_view()),
    route("auth/password-reset/confirm", me.PasswordResetConfirm.as_view()),
    route("token", entry.Token.as_view()),
    route("token/refresh", entry.TokenRefresh.as_view()),
    route("token/verify", entry.TokenVerify.as_view()),
    route("auth/me", me.Me.as_view()),
    route("me", me.Me.as_view()),
    route("users/me", me.Profile.as_view()),
    route("users/change-password", me.ChangePassword.as_view()),
    route("users", UserViewSet.as_view(users)),
    route("users/{id}", UserViewSet.as_view(user)),
    route("companies", CompanyViewSet.as_view(companies)),
    route("companies/{id}", CompanyViewSet.as_view(company)),
    route("data/sessions", me.Sessions.as_view()),
]
