"""Getting in: register, log in, refresh, log out, in the words of both token families."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import serializers as s
from accounts import tokens
from accounts.authentication import LenientBearerAuthentication
from accounts.registration import register, require_open
from accounts.signin import sign_in
from accounts.views.examples import PAIR, USER, asked, given
from accounts.views.forms import body
from core.errors import NotAuthenticated
from core.throttling import AccountThrottle

NOT_KEPT = {"Cache-Control": "no-store"}  # RFC 6749, 5.1


class EntryView(generics.GenericAPIView[Any]):
    """Works without a token and ignores a stale one; limited per account and per address."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = [AccountThrottle]
    refusals = [401]  # for the documentation


def _worded(pair: tokens.Pair) -> dict[str, Any]:
    return {
        "access_token": pair.access,
        "refresh_token": pair.refresh,
        "token_type": "bearer",
        "expires_in": pair.expires_in,
        "session_id": pair.session_id,
    }


class Register(EntryView):
    serializer_class = s.RegisterSerializer
    refusals = [403]

    @extend_schema(
        summary="Register",
        description="Makes a user and a company of their own, which they administer. Without `username`, one is "
        "derived from the e-mail.",
        responses={201: s.UserSerializer},
        examples=[
            asked({"email": "hanako@example.com", "password": "correct horse 9", "full_name": "山田 花子"}),
            given(USER | {"last_login": None}, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        require_open()  # before a form is judged that nobody will take
        return Response(s.UserSerializer(register(**body(self))).data, status=201)


class Login(EntryView):
    serializer_class = s.LoginSerializer
    refusals = [401, 403]

    @extend_schema(
        summary="Log in",
        description="`username` and `email` take either; form, multipart or JSON. Starts a work session.",
        responses=s.LoginResultSerializer,
        examples=[asked({"username": "hanako", "password": "correct horse 9"}), given(PAIR | {"user": USER})],
    )
    def post(self, request: Request) -> Response:
        user = sign_in(request._request, **body(self))
        answer = _worded(tokens.issue(user)) | {"user": s.UserSerializer(user).data}
        return Response(answer, headers=NOT_KEPT)


class Refresh(EntryView):
    serializer_class = s.RefreshSerializer

    @extend_schema(
        summary="A new pair of tokens",
        description="The refresh token that was sent is spent; the work session goes on.",
        responses=s.PairSerializer,
        examples=[asked({"refresh_token": "eyJhbGciOiJIUzI1NiIs…"}), given(PAIR)],
    )
    def post(self, request: Request) -> Response:
        return Response(_worded(tokens.rotate(body(self)["token"])), headers=NOT_KEPT)


class Logout(EntryView):
    """The refresh token is the proof; an access token is not needed, for it may have run out."""

    authentication_classes = [LenientBearerAuthentication]
    serializer_class = s.RefreshSerializer

    @extend_schema(
        summary="Log out",
        description="Revokes the refresh token, which is the proof: no access token is needed.",
        auth=[],
        responses={204: None},
        examples=[asked({"refresh_token": "eyJhbGciOiJIUzI1NiIs…"})],
    )
    def post(self, request: Request) -> Response:
        if not request.data and not request.user.is_authenticated:
            raise NotAuthenticated
        tokens.revoke(body(self)["token"])
        return Response(status=204)


class Token(EntryView):
    serializer_class = s.LoginSerializer
    refusals = [401, 403]

    @extend_schema(
        summary="Log in (access and refresh)",
        responses=s.TokenPairSerializer,
        examples=[
            asked({"username": "hanako", "password": "correct horse 9"}),
            given({"access": "eyJhbGciOiJIUzI1NiIs…", "refresh": "eyJhbGciOiJIUzI1NiIs…"}),
        ],
    )
    def post(self, request: Request) -> Response:
        pair = tokens.issue(sign_in(request._request, **body(self)))
        return Response({"access": pair.access, "refresh": pair.refresh}, headers=NOT_KEPT)


class TokenRefresh(EntryView):
    serializer_class = s.TokenRefreshSerializer

    @extend_schema(
        summary="Another access token",
        description="The refresh token stays good: nothing is rotated here.",
        responses=s.AccessSerializer,
        examples=[asked({"refresh": "eyJhbGciOiJIUzI1NiIs…"}), given({"access": "eyJhbGciOiJIUzI1NiIs…"})],
    )
    def post(self, request: Request) -> Response:
        return Response({"access": tokens.fresh_access(body(self)["token"])}, headers=NOT_KEPT)


class TokenVerify(EntryView):
    serializer_class = s.VerifySerializer

    @extend_schema(
        summary="Is this token good?",
        description="An access or a refresh token. `{}` when it would be taken, else 401.",
        responses={200: dict},
        examples=[asked({"token": "eyJhbGciOiJIUzI1NiIs…"}), given({})],
    )
    def post(self, request: Request) -> Response:
        tokens.verify(body(self)["token"])
        return Response({})
