"""Bearer tokens: who sends this request, and is the token still good?"""

from rest_framework_simplejwt.authentication import JWTAuthentication


class BearerAuthentication(JWTAuthentication):
    """simplejwt's, with the user's company at hand."""
