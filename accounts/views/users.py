"""A company's people, managed by its admins."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import members
from accounts import serializers as s
from accounts.authentication import caller
from accounts.models import User
from accounts.views.examples import USER, asked, given
from accounts.views.forms import body
from core.access import fetch
from core.errors import Denied

SHOWN = s.UserSerializer


@extend_schema_view(
    list=extend_schema(summary="The users of my company", responses=SHOWN(many=True), examples=[given(USER)]),
    retrieve=extend_schema(summary="One user", responses=SHOWN, examples=[given(USER)]),
)
class UserViewSet(viewsets.GenericViewSet[User]):
    queryset = User.objects.none()
    serializer_class = s.MemberSerializer
    search_fields = ["username", "email", "full_name"]
    ordering_fields = ["id", "username", "email", "full_name", "last_login"]

    def get_queryset(self) -> Any:
        return User.objects.visible_to(caller(self.request))

    def get_serializer_class(self) -> Any:
        return {"create": s.NewMemberSerializer}.get(self.action, s.MemberSerializer)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(SHOWN(page, many=True).data)

    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - the route's word
        return Response(SHOWN(self.get_object()).data)

    def get_object(self) -> User:
        return fetch(User.objects.all(), self.get_queryset(), self.kwargs["id"], members.UserNotFound)

    @extend_schema(
        summary="Add a user",
        description="By an admin to their own company; staff to any.",
        responses={201: SHOWN},
        examples=[
            asked({"username": "taro", "email": "taro@example.com", "password": "correct horse 9", "role": "user"}),
            given(USER | {"role": "user", "last_login": None}, status=201),
        ],
    )
    def create(self, request: Request) -> Response:
        by = caller(request)
        if not (by.is_staff or by.is_company_admin):
            raise Denied
        fields = body(self)
        company = members.company_for(by, fields.pop("company_id", None))
        user = members.add(company=company, **fields)
        return Response(SHOWN(user).data, status=201, headers={"Location": _address(user)})

    @extend_schema(
        summary="Change a user",
        description="An absent field keeps its value. A new password ends the user's tokens.",
        responses=SHOWN,
        examples=[asked({"role": "admin", "is_active": True}), given(USER)],
    )
    def update(self, request: Request, id: str) -> Response:  # noqa: A002
        user, changes = self._managed(id), body(self, partial=True)
        if "company_id" in changes:
            changes["company"] = members.company_for(caller(request), changes.pop("company_id"))
        return Response(SHOWN(members.change(user, **changes)).data)

    @extend_schema(summary="Change a user", responses=SHOWN, examples=[asked({"full_name": "山田 太郎"}), given(USER)])
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002
        return self.update(request, id)

    @extend_schema(summary="Delete a user", description="Not oneself, nor the last admin.", responses={204: None})
    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002
        members.remove(self._managed(id), by=caller(request))
        return Response(status=204)

    def _managed(self, pk: str) -> User:
        return fetch(User.objects.all(), User.objects.managed_by(caller(self.request)), pk, members.UserNotFound)


def _address(user: User) -> str:
    return f"{settings.PUBLIC_URL}/api/v1/users/{user.pk}"
