"""Companies: members read their own, its admins write it, staff see all."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import caller
from accounts.members import CompanyNotFound
from accounts.models import Company
from accounts.serializers import CompanySerializer
from accounts.views.examples import COMPANY, asked, given
from accounts.views.forms import body
from core.access import fetch


class CompanyViewSet(viewsets.GenericViewSet[Company]):
    queryset = Company.objects.none()
    serializer_class = CompanySerializer
    search_fields = ["company_name", "company_code"]
    ordering_fields = ["id", "company_name", "created_at"]

    def get_queryset(self) -> Any:
        return Company.objects.visible_to(caller(self.request))

    @extend_schema(summary="My company", responses=CompanySerializer(many=True), examples=[given(COMPANY)])
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(CompanySerializer(page, many=True).data)

    @extend_schema(summary="One company", examples=[given(COMPANY)])
    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - the route's word
        return Response(CompanySerializer(self.get_object()).data)

    def get_object(self) -> Company:
        return fetch(Company.objects.all(), self.get_queryset(), self.kwargs["id"], CompanyNotFound)

    @extend_schema(
        summary="Change the company's details",
        description="By its admins. An absent field keeps its value. While `is_active` is false, only admins get in.",
        examples=[asked({"company_name": "恵比寿ストア", "contact_email": "info@example.com"}), given(COMPANY)],
    )
    def update(self, request: Request, id: str) -> Response:  # noqa: A002
        company = fetch(Company.objects.all(), Company.objects.managed_by(caller(request)), id, CompanyNotFound)
        for name, value in body(self, partial=True).items():
            setattr(company, name, value)
        company.save()
        return Response(CompanySerializer(company).data)

    @extend_schema(summary="Change the company's details", examples=[asked({"company_code": "EBS"}), given(COMPANY)])
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002
        return self.update(request, id)
