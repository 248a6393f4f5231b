"""What views of long work need: was it asked for in the background, and the 202 that says where to look."""

import re
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from jobs.models import Job

_PREFERENCE = re.compile(r'\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)\s*(?:=\s*("[^"]*"|[^;,\s]*))?[^,]*(?:,|$)')


def wants_async(request: Request) -> bool:
    """``Prefer: respond-async`` (RFC 7240), alone or among other preferences."""
    header = request.headers.get("Prefer", "")
    return any(name.lower() == "respond-async" for name, _value in _PREFERENCE.findall(header))


def accepted(job: Job, request: Request, **extra: Any) -> Response:
    """202 with the job's id and where to follow it; ``extra`` joins the body and wins over its fields."""
    headers = {"Location": f"/api/v1/jobs/{job.pk}"}
    if wants_async(request):
        headers["Preference-Applied"] = "respond-async"
    return Response({"job_id": job.pk, "status": job.status} | extra, status=202, headers=headers)
