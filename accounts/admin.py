"""People, companies, sessions and tokens in the Django admin. Password hashes are never shown."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from rest_framework_simplejwt.token_blacklist import admin as _registered_first  # noqa: F401
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.forms import AdminLoginForm
from accounts.models import Company, User, WorkSession

admin.site.login_form = AdminLoginForm
RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["username", "email", "full_name", "company", "role", "is_active", "is_staff", "last_login"]
    list_filter = ["role", "is_active", "is_staff", "is_superuser", "date_joined"]
    list_select_related = ["company"]
    search_fields = ["username", "email", "full_name", "company__company_name"]
    ordering = ["-id"]
    date_hierarchy = "date_joined"
    autocomplete_fields = ["company"]
    readonly_fields = ["password_link", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "email", "full_name", "password_link"]}),
        (_("Company"), {"fields": ["company", "role"]}),
        (_("Rights"), {"fields": ["is_active", *RIGHTS]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "email", "full_name", "company", "role", "usable_password",
                           "password1", "password2"]}),
    ]  # fmt: skip

    @admin.display(description=_("password"))
    def password_link(self, user: User) -> SafeString:
        return format_html('<a href="../password/">{}</a>', _("Set a new one"))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.base_fields.pop("password", None)  # Django's own form would show parts of the hash
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Rights are given by superusers only: nobody raises themselves."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)


def _may_touch(request: HttpRequest, obj: Any) -> bool:
    return obj is None or request.user.is_superuser or not obj.is_superuser


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin[Company]):
    list_display = ["id", "company_name", "company_code", "contact_email", "is_active", "people", "created_at"]
    list_display_links = ["id", "company_name"]
    list_filter = ["is_active", "created_at"]
    search_fields = ["company_name", "company_code", "contact_email"]
    readonly_fields = ["created_at", "updated_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Company]:
        return super().get_queryset(request).annotate(people=Count("users"))

    @admin.display(description=_("users"), ordering="people")
    def people(self, company: Any) -> int:
        return int(company.people)


class LiveFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("live", _("live")), ("expired", _("expired"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        live = WorkSession.objects.live().values("pk")
        match self.value():
            case "live":
                return queryset.filter(pk__in=live)
            case "expired":
                return queryset.exclude(pk__in=live)
        return queryset


@admin.register(WorkSession)
class WorkSessionAdmin(admin.ModelAdmin[WorkSession]):
    list_display = ["id", "user", "created_at", "expires_at", "live", "datasets"]
    list_filter = [LiveFilter, "created_at"]
    list_select_related = ["user"]
    search_fields = ["=id", "user__username", "user__email"]
    readonly_fields = ["user", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkSession]:
        return super().get_queryset(request).annotate(dataset_count=Count("datasets"))

    @admin.display(description=_("live"), boolean=True)
    def live(self, session: WorkSession) -> bool:
        return not session.expired

    @admin.display(description=_("datasets"), ordering="dataset_count")
    def datasets(self, session: Any) -> int:
        return int(session.dataset_count)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class TokenAdmin(admin.ModelAdmin[Any]):
    """To look at only; tokens end by logging out, by a new password, or by disabling the account."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OutstandingTokenAdmin(TokenAdmin):
    list_display = ["jti", "user", "created_at", "expires_at", "revoked_at"]
    list_filter = ["created_at", "expires_at"]
    list_select_related = ["user", "blacklistedtoken"]
    search_fields = ["jti", "user__username", "user__email"]
    fields = ["jti", "user", "created_at", "expires_at"]
    ordering = ["-id"]

    @admin.display(description=_("revoked"))
    def revoked_at(self, token: OutstandingToken) -> Any:
        return token.blacklistedtoken.blacklisted_at if hasattr(token, "blacklistedtoken") else None


class BlacklistedTokenAdmin(TokenAdmin):
    list_display = ["jti", "user", "blacklisted_at"]
    list_filter = ["blacklisted_at"]
    list_select_related = ["token__user"]
    search_fields = ["token__jti", "token__user__username", "token__user__email"]
    readonly_fields = ["jti", "user", "blacklisted_at"]
    exclude = ["token"]
    ordering = ["-id"]

    @admin.display(description="jti")
    def jti(self, spent: BlacklistedToken) -> str:
        return str(spent.token.jti)

    @admin.display(description=_("user"))
    def user(self, spent: BlacklistedToken) -> Any:
        return spent.token.user


admin.site.unregister([OutstandingToken, BlacklistedToken])
admin.site.register(OutstandingToken, OutstandingTokenAdmin)
admin.site.register(BlacklistedToken, BlacklistedTokenAdmin)
