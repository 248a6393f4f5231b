"""Bearer tokens: who sends this request, and is the token still good?"""

from typing import Any

from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.tokens import Token

from accounts import tokens
from accounts.models import User


class BearerAuthentication(JWTAuthentication):
    """``Authorization: Bearer <access token>``; one query, the user with their company."""

    def get_raw_token(self, header: bytes) -> bytes | None:
        """The scheme's name in any case: clients repeat ``token_type`` as they got it."""
        scheme, _space, rest = header.partition(b" ")
        return super().get_raw_token(b"Bearer " + rest if scheme.lower() == b"bearer" else header)

    def get_user(self, validated_token: Token) -> User:  # type: ignore[override]
        try:
            return tokens.owner(validated_token)
        except tokens.InvalidToken as error:
            raise AuthenticationFailed from error


class LenientBearerAuthentication(BearerAuthentication):
    """For routes that work without: a bad or stale token is as good as none."""

    def authenticate(self, request: Request) -> Any:
        try:
            return super().authenticate(request)
        except AuthenticationFailed:
            return None


def caller(request: Request) -> User:
    """Whose request this is, behind a permission that lets nobody in without signing in."""
    assert isinstance(request.user, User)
    return request.user
