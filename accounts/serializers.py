"""What the account routes take and give."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.fields import MAX_PASSWORD, Email, Id, Password, Switch, Text, Username
from accounts.models import Company, User, WorkSession


class UserSerializer(serializers.ModelSerializer[User]):
    role = serializers.ChoiceField(choices=User.Role.choices, read_only=True)
    company_id = serializers.IntegerField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(source="date_joined", read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "email", "full_name", "role", "company_id", "is_active", "is_staff",
                  "created_at", "last_login"]  # fmt: skip
        read_only_fields = fields


class RegisterSerializer(serializers.Serializer[Any]):
    email = Email()
    password = Password()
    username = Username(required=False, allow_blank=True, allow_null=True)
    full_name = Text(required=False, allow_blank=True, allow_null=True, max_length=200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in attrs.items() if value is not None}


class LoginSerializer(serializers.Serializer[Any]):
    """Either field may hold either."""

    username = Text(required=False, allow_blank=True, allow_null=True, max_length=254)
    email = Text(required=False, allow_blank=True, allow_null=True, max_length=254)
    password = Password()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        name = attrs.get("username") or attrs.get("email")
        if not name:
            raise serializers.ValidationError({"username": [_("Give a user name or an e-mail address.")]})
        return {"name": name, "password": attrs["password"]}


class PairSerializer(serializers.Serializer[Any]):
    access_token = serializers.CharField()
    refresh_token = serializers.CharField()
    token_type = serializers.ChoiceField(choices=["bearer"])
    expires_in = serializers.IntegerField(help_text="Seconds that the access token lasts.")
    session_id = serializers.IntegerField()


class LoginResultSerializer(PairSerializer):
    user = UserSerializer()


class RefreshSerializer(serializers.Serializer[Any]):
    """``refresh_token`` or ``refresh``: both families' clients come here."""

    refresh_token = Text(required=False, allow_null=True, allow_blank=True, max_length=MAX_PASSWORD)
    refresh = Text(required=False, allow_null=True, allow_blank=True, max_length=MAX_PASSWORD)
    first_name = "refresh_token"

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        token = attrs.get("refresh_token") or attrs.get("refresh")
        if not token:
            raise serializers.ValidationError({self.first_name: [_("This field is required.")]})
        return {"token": token}


class TokenRefreshSerializer(RefreshSerializer):
    first_name = "refresh"


class TokenPairSerializer(serializers.Serializer[Any]):
    access = serializers.CharField()
    refresh = serializers.CharField()


class AccessSerializer(serializers.Serializer[Any]):
    access = serializers.CharField()


class VerifySerializer(serializers.Serializer[Any]):
    token = Text(max_length=MAX_PASSWORD)


class OwnAccountSerializer(serializers.Serializer[Any]):
    email = Email(required=False)
    full_name = Text(required=False, allow_blank=True, max_length=200)


class ChangePasswordSerializer(serializers.Serializer[Any]):
    current_password = Password()
    new_password = Password()


class PasswordResetSerializer(serializers.Serializer[Any]):
    email = Email()


class PasswordResetConfirmSerializer(serializers.Serializer[Any]):
    token = Text(max_length=300)
    new_password = Password()


class NewMemberSerializer(serializers.Serializer[Any]):
    username = Username()
    email = Email()
    password = Password()
    full_name = Text(required=False, allow_blank=True, max_length=200, default="")
    role = serializers.ChoiceField(choices=User.Role.choices, default=User.Role.USER)
    is_active = Switch(default=True)
    company_id = Id(required=False, allow_null=True)


class MemberSerializer(serializers.Serializer[Any]):
    username = Username(required=False)
    email = Email(required=False)
    password = Password(required=False)
    full_name = Text(required=False, allow_blank=True, max_length=200)
    role = serializers.ChoiceField(choices=User.Role.choices, required=False)
    is_active = Switch(required=False)
    company_id = Id(required=False)


class CompanySerializer(serializers.ModelSerializer[Company]):
    company_name = Text(max_length=200, required=False)
    company_code = Text(max_length=50, required=False, allow_blank=True)
    contact_email = Email(required=False, allow_blank=True)
    is_active = Switch(required=False)

    class Meta:
        model = Company
        fields = ["id", "company_name", "company_code", "contact_email", "is_active", "created_at", "updated_at"]
        read_only_fields = ["id", "created_at", "updated_at"]


class WorkSessionSerializer(serializers.ModelSerializer[WorkSession]):
    class Meta:
        model = WorkSession
        fields = ["id", "created_at", "expires_at"]
        read_only_fields = fields
