"""CleanFlow's API at ``/cleanflow/api/v1``: its shapes, codes and words, spoken by our own views.

What a view answers passes through one of the *shapes* below into ``{"data", "message"}``. Every error under the mount,
wherever it comes from, passes through ``Errors`` into ``{"error": {"code", "message", "details"?}}``. Nothing else is
different here but that an id is any text, and that nobody has to know of jobs, pages or refresh tokens.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import CaseInsensitiveMapping
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import tokens
from accounts.authentication import caller
from accounts.sessions import session_for
from accounts.signin import sign_in
from accounts.views import entry, me
from accounts.views.forms import body
from analysis.views import DatasetAnswer
from cleaning.reading import ExecutionNotFound, PlanNotFound
from cleaning.views import plans, runs
from core.api import JSONRenderer, dumps, route
from core.errors import NotFound
from datasets import creating
from datasets.reading import DatasetNotFound
from datasets.receiving import received
from datasets.serializers import UploadFields
from datasets.views import datasets

MOUNT = "/cleanflow/"
TOKENS_LAST = timedelta(minutes=1440)

# --- errors ----------------------------------------------------------------------------------------------------------

RENAMED = {"not_authenticated": "INVALID_TOKEN"}  # every other code is our reason in capitals
BAD_REQUESTS = {409, 413, 415}  # statuses that the document does not know
JAPANESE = {
    "EMAIL_ALREADY_EXISTS": "このメールアドレスは既に登録されています",
    "WEAK_PASSWORD": "パスワードは8文字以上である必要があります",
    "INVALID_CREDENTIALS": "メールアドレスまたはパスワードが正しくありません",
    "INVALID_TOKEN": "トークンが無効または期限切れです",
    "INVALID_FILE_FORMAT": "CSVファイルのみアップロード可能です",
    "FILE_TOO_LARGE": "ファイルサイズは100MB以下である必要があります",
    "DATASET_NOT_FOUND": "データセットが見つかりません",
    "ACCESS_DENIED": "このデータセットへのアクセス権限がありません",
    "INVALID_TASK_TYPE": "タスク種別は classification, regression, clustering のいずれかである必要があります",
    "TARGET_COLUMN_NOT_FOUND": "指定されたターゲット列がデータセットに存在しません",
    "PLAN_GENERATION_FAILED": "前処理プランの生成に失敗しました",
    "EXECUTION_FAILED": "プランの実行中にエラーが発生しました",
}
DETAILS = dict.fromkeys(JAPANESE, ()) | {"EXECUTION_FAILED": ("step_order", "error_message")}


class Errors:
    """Middleware, so that unrouted addresses, other middleware's refusals and crashes speak as the views do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        ours = response.status_code >= 400 and response.get("Content-Type") == "application/json"
        if ours and request.path_info.startswith(MOUNT):
            found = orjson.loads(response.content)["error"]
            response.status_code = 400 if response.status_code in BAD_REQUESTS else response.status_code
            response.content = dumps({"error": error(found, getattr(request, "LANGUAGE_CODE", "en"))})
            response["Content-Length"] = str(len(response.content))
        return response


def error(found: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Our error in CleanFlow's words. The codes of its document have the details that it shows, the others ours."""
    code = RENAMED.get(found["reason"], found["reason"].upper())
    message = JAPANESE.get(code) if language == "ja" else None
    details = part(found["details"], *DETAILS.get(code, found["details"]))
    return {"code": code, "message": message or found["message"]} | ({"details": details} if details else {})


# --- shapes: our answer in, CleanFlow's ``data`` out -----------------------------------------------------------------

Answer = Mapping[str, Any]
DTYPES = {
    "integer": "int64", "decimal": "float64", "boolean": "bool", "date": "datetime64[ns]", "datetime": "datetime64[ns]",
    "text": "object",
}  # fmt: skip


def part(one: Answer, *names: str) -> dict[str, Any]:
    return {name: one[name] for name in names if name in one}


def moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def all_of(name: str, shape: Callable[[Answer], Any]) -> Callable[[Sequence[Answer]], dict[str, Any]]:
    return lambda found: {name: [shape(one) for one in found], "total": len(found)}


def user(one: Answer) -> dict[str, Any]:
    return {"user_id": str(one["id"]), "email": one["email"], "created_at": moment(one["created_at"])}


def dataset(one: Answer) -> dict[str, Any]:
    return {
        "dataset_id": str(one["id"]),
        "name": one["name"],
        "rows": one["rows"],
        "columns": len(one["columns"]),
        "created_at": moment(one["created_at"]),
    }


def dataset_in_detail(one: Answer) -> dict[str, Any]:
    return dataset(one) | {"file_path": one["path"]}


def profile(one: Answer) -> dict[str, Any]:
    return {"dataset_id": str(one["dataset_id"]), "columns": [column(found) for found in one["columns"]]}


def column(one: Answer) -> dict[str, Any]:
    counts = part(one, "missing_count", "missing_rate", "unique_count")
    statistics = part(one["statistics"], "mean", "median", "std", "min", "max", "value_counts")
    return {"name": one["name"], "dtype": DTYPES[one["dtype"]]} | counts | {"statistics": statistics}


def plan(one: Answer) -> dict[str, Any]:
    return {
        "plan_id": str(one["plan_id"]),
        "name": one["name"],
        "dataset_id": str(one["dataset_id"]),
        "task_type": one["task_type"],
        "created_at": moment(one["created_at"]),
    }


def plan_in_detail(one: Answer) -> dict[str, Any]:
    steps = [part(step, "order", "name", "description", "code_snippet") for step in one["steps"]]
    return plan(one) | {"target_column": one["target_column"], "steps": steps}


def execution(one: Answer) -> dict[str, Any]:
    ids = {"execution_id": str(one["execution_id"]), "plan_id": str(one["plan_id"])}
    steps = [part(step, "order", "name", "status", "execution_time") for step in one["steps"]]
    return ids | part(one, "status", "before", "after") | {"steps": steps, "created_at": moment(one["created_at"])}


# --- views -----------------------------------------------------------------------------------------------------------


def said(answer: Any, shape: Callable[[Any], Any], message: str = "Success") -> Any:
    """What one of our views answered, with its status and headers, in CleanFlow's words."""
    if answer.status_code == 304:
        return answer
    data = shape(answer.data if isinstance(answer, Response) else orjson.loads(answer.content))
    headers = {name: value for name, value in answer.items() if name != "Location"}  # it would lead to the main API
    return Response({"data": data, "message": message}, answer.status_code, headers=headers)


class Whole(BasePagination):
    """Lists are not cut."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        return list(queryset)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(data)


class Spoken(APIView):
    """Put before one of our views: JSON only, at once, and any text may be an id."""

    renderer_classes = [JSONRenderer]
    metadata_class = None  # OPTIONS would describe our fields
    missing: type[NotFound] = DatasetNotFound

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        asked: Any = super().initialize_request(request, *args, **kwargs)
        asked.headers = CaseInsensitiveMapping({**request.headers, "Prefer": ""})  # there are no jobs to answer with
        return asked

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        id = kwargs.get("id", "1")  # noqa: A001 - the path's own word
        if not (id.isascii() and id.isdigit() and len(id) < 19):
            raise self.missing(id=id[:100])


class Register(Spoken, entry.Register):
    def post(self, request: Request) -> Response:
        return said(super().post(request), user, "User registered successfully")


class Login(Spoken, entry.Login):
    def post(self, request: Request) -> Response:
        pair = tokens.issue(sign_in(request._request, **body(self)), lasting=TOKENS_LAST)
        data = {"access_token": pair.access, "token_type": "bearer", "expires_in": pair.expires_in}
        return Response({"data": data, "message": "Login successful"}, headers=entry.NOT_KEPT)


class Me(Spoken, me.Me):
    def get(self, request: Request) -> Response:
        return said(super().get(request), user)


class Datasets(Spoken, datasets.Datasets):
    pagination_class = Whole

    def list(self, request: Request) -> Response:
        return said(super().list(request), all_of("datasets", dataset))

    def create(self, request: Request) -> Response:
        """Read while the client waits, however large. A name that is taken gets a number."""
        upload, fields = received(request.FILES), UploadFields(data=request.data)
        fields.is_valid(raise_exception=True)
        made = creating.create(
            user=caller(request),
            session=session_for(request),
            upload=upload,
            options=fields.options(upload.filename),
            wish=creating.Wish(fields.validated_data.get("name"), numbered=True),
        )
        resource = Response(datasets.shown(request, made.dataset), 201)
        return said(resource, dataset, "Dataset uploaded successfully")

    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002
        return said(super().retrieve(request, id), dataset_in_detail)

    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002
        super().destroy(request, id)
        return said(Response(int(id)), lambda pk: {"dataset_id": str(pk)}, "Dataset deleted successfully")


class Profile(Spoken, DatasetAnswer):
    kind = "profile"

    def get(self, request: Request, id: str) -> Any:  # noqa: A002
        return said(super().get(request, id), profile)


class Propose(Spoken, plans.Propose):
    def post(self, request: Request, id: str) -> Any:  # noqa: A002
        return said(super().post(request, id), plan_in_detail, "Plan generated successfully")


class Plans(Spoken, plans.Plans):
    pagination_class = Whole
    missing = PlanNotFound

    def list(self, request: Request) -> Response:
        return said(super().list(request), all_of("plans", plan))

    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002
        return said(super().retrieve(request, id), plan_in_detail)


class Execute(Spoken, runs.Execute):
    missing = PlanNotFound

    def post(self, request: Request, id: str) -> Any:  # noqa: A002
        return said(super().post(request, id), execution, "Execution completed successfully")


class Execution(Spoken, runs.OneExecution):
    missing = ExecutionNotFound

    def get(self, request: Request, id: str) -> Response:  # noqa: A002
        return said(super().get(request, id), execution)


DATASET = "datasets/(?P<id>[^/]+)"

urlpatterns = [
    route("auth/register", Register.as_view()),
    route("auth/login", Login.as_view()),
    route("auth/me", Me.as_view()),
    route("datasets", Datasets.as_view({"get": "list", "post": "create"})),
    route(DATASET, Datasets.as_view({"get": "retrieve", "delete": "destroy"})),
    route(f"{DATASET}/profile", Profile.as_view()),
    route(f"{DATASET}/plan", Propose.as_view()),
    route("plans", Plans.as_view({"get": "list"})),
    route("plans/(?P<id>[^/]+)", Plans.as_view({"get": "retrieve"})),
    route("plans/(?P<id>[^/]+)/execute", Execute.as_view()),
    route("executions/(?P<id>[^/]+)", Execution.as_view()),
]
