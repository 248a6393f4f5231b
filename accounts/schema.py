"""How the API's documentation says “sign in”: Swagger's Authorize asks for name and password."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from accounts.authentication import BearerAuthentication

TOKEN_URL = "/api/v1/auth/login"  # noqa: S105 - an address


class BearerScheme(OpenApiAuthenticationExtension):
    """Either a password, exchanged for a token on the spot, or a token that one has."""

    target_class = BearerAuthentication
    name = ["password", "bearer"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return [
            {"type": "oauth2", "flows": {"password": {"tokenUrl": TOKEN_URL, "scopes": {}}}},
            {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        ]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        """One of them is enough."""
        return [{name: []} for name in self.name]
