"""One's own account."""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import recovery
from accounts import serializers as s
from accounts.authentication import caller
from accounts.models import User, WorkSession
from accounts.passwords import WrongPassword, require_strong
from accounts.registration import refuse_taken_names, save_unique
from accounts.signin import checked
from accounts.views.entry import EntryView
from accounts.views.examples import SESSION, USER, asked, given
from accounts.views.forms import body


class Me(generics.GenericAPIView[User]):
    serializer_class: Any = s.UserSerializer

    @extend_schema(summary="Who am I?", responses=s.UserSerializer, examples=[given(USER)])
    def get(self, request: Request) -> Response:
        return Response(s.UserSerializer(self.get_object()).data)

    def get_object(self) -> User:
        return caller(self.request)


class Profile(Me):
    serializer_class = s.OwnAccountSerializer

    @extend_schema(
        summary="Change my e-mail or full name",
        responses=s.UserSerializer,
        examples=[asked({"full_name": "山田 花子"}), given(USER)],
    )
    def patch(self, request: Request) -> Response:
        user, changes = caller(request), body(self, partial=True)
        for name, value in changes.items():
            setattr(user, name, value)
        refuse_taken_names(user)
        save_unique(user, list(changes))
        return Response(s.UserSerializer(user).data)

    @extend_schema(
        summary="Change my e-mail or full name",
        description="An absent field keeps its value.",
        responses=s.UserSerializer,
        examples=[asked({"email": "hanako@example.com", "full_name": "山田 花子"}), given(USER)],
    )
    def put(self, request: Request) -> Response:
        return self.patch(request)


class ChangePassword(generics.GenericAPIView[User]):
    serializer_class = s.ChangePasswordSerializer

    @extend_schema(
        summary="Change my password",
        description="Every token issued before is refused from then on.",
        responses={204: None},
        examples=[asked({"current_password": "correct horse 9", "new_password": "battery staple 7"})],
    )
    def post(self, request: Request) -> Response:
        fields, user = body(self), caller(request)
        if checked(request._request, user.username, fields["current_password"]) is None:
            raise WrongPassword
        require_strong(fields["new_password"], user, field="new_password")
        user.set_password(fields["new_password"])
        user.save(update_fields=["password"])
        if request.auth is None:
            update_session_auth_hash(request._request, user)
        return Response(status=204)


class PasswordReset(EntryView):
    serializer_class = s.PasswordResetSerializer
    refusals: list[int] = []

    @extend_schema(
        summary="Mail me a link to reset my password",
        description="The same answer for addresses that nobody has.",
        responses={204: None},
        examples=[asked({"email": "hanako@example.com"})],
    )
    def post(self, request: Request) -> Response:
        recovery.request_reset(body(self)["email"])
        return Response(status=204)


class PasswordResetConfirm(EntryView):
    serializer_class = s.PasswordResetConfirmSerializer
    refusals: list[int] = []

    @extend_schema(
        summary="Choose a new password",
        description="With the token from the mail's link.",
        responses={204: None},
        examples=[asked({"token": "Nw.c2f5kq-0b6c…", "new_password": "battery staple 7"})],
    )
    def post(self, request: Request) -> Response:
        recovery.confirm(**body(self))
        return Response(status=204)


class Sessions(generics.ListAPIView[WorkSession]):
    """Each login begins one."""

    serializer_class = s.WorkSessionSerializer
    queryset = WorkSession.objects.none()
    ordering_fields = ["id", "created_at", "expires_at"]

    @extend_schema(
        summary="My work sessions",
        description="Newest first. An upload without `session_id` lands in the session of its token.",
        examples=[given(SESSION)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return WorkSession.objects.of(caller(self.request))
