"""Examples and parameters for the API's documentation."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from tabular.formats import FORMATS
from tabular.query import OPERATORS

ROW = {"年月日": "2024-01-31", "店舗名": "恵比寿", "Total_Sales": 120500}
COLUMNS = list(ROW)
SCHEMA = [
    {"name": "年月日", "dtype": "date", "role": "date"},
    {"name": "店舗名", "dtype": "text", "role": "store"},
    {"name": "Total_Sales", "dtype": "integer", "role": "measure"},
]

RECEIPT = [
    OpenApiExample(
        "Receipt",
        {
            "message": "File uploaded successfully", "id": 10, "dataset_id": 10, "session_id": 1, "name": "sales",
            "filename": "sales.csv", "file_size": 48211, "status": "ready", "rows": 1234, "columns": COLUMNS,
            "preview": [ROW], "duplicate_of": None, "warnings": [],
        },
        response_only=True,
    )
]  # fmt: skip

DATASET = [
    OpenApiExample(
        "Dataset",
        {
            "id": 10, "dataset_id": 10, "name": "sales", "description": "", "filename": "sales.csv", "file_size": 48211,
            "format": "csv", "encoding": "cp932", "status": "ready", "error": None, "rows": 1234, "columns": COLUMNS,
            "roles": {"date": "年月日", "store": "店舗名", "category": None, "measures": ["Total_Sales"]},
            "is_public": False, "shared_with": "owner", "session_id": 1, "owner_id": 2, "company_id": 2,
            "project_id": None, "content_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "derived_from": None, "duplicate_of": None, "path": "datasets/20240131/5d1f0c9a7b3e2468-sales.csv",
            "created_at": "2024-01-31T06:04:05.120000+0000", "updated_at": "2024-01-31T06:04:05.120000+0000",
            "schema": SCHEMA,
        },
        response_only=True,
    )
]  # fmt: skip

CHANGE = [
    OpenApiExample("Rename", {"name": "Sales 2024"}, request_only=True),
    OpenApiExample("Choose the store column", {"roles": {"store": "店舗名"}}, request_only=True),
]

INSPECT = [
    OpenApiExample(
        "Inspection",
        {
            "format": "csv", "encoding": "cp932", "delimiter": ",", "header_row": 1, "sheets": [],
            "columns": [SCHEMA[0] | {"reason": "all_dates"}], "sample": [ROW], "warnings": [],
        },
        response_only=True,
    )
]  # fmt: skip

PREVIEW = [
    OpenApiExample(
        "Preview",
        {"id": 10, "columns": COLUMNS, "rows": [ROW], "total_rows": 1234, "preview_rows": 1},
        response_only=True,
    )
]

REPORT = [
    OpenApiExample(
        "Ingest report",
        {
            "encoding": "cp932", "delimiter": ",", "header_row": 1, "rows": 1234, "lossless": True,
            "columns": [SCHEMA[0] | {"reason": "all_dates", "evidence": [{"line": 2, "value": "2024/1/31"}]}],
            "rejected": [], "warnings": [],
        },
        response_only=True,
    )
]  # fmt: skip

DOWNLOAD_LINK = [
    OpenApiExample(
        "Link",
        {
            "download_url": "http://127.0.0.1:8000/api/v1/downloads/eyJpZCI6MTB9:1rVxyz:abc",
            "expires_in": 900,
            "type": "signed",
            "storage": "local",
        },
        response_only=True,
    )
]

SESSION_ID = OpenApiParameter("session_id", int, description="One of my sessions; the token's by default.")
PREVIEW_PARAMETERS = [
    OpenApiParameter("rows", int, description="How many rows, 1–100 (5); `limit` is an alias."),
]

ROWS = [
    OpenApiExample(
        "Rows",
        {
            "page": 1, "page_size": 50, "total": 1, "pages": 1, "has_next": False, "has_prev": False,
            "next_page": None, "prev_page": None, "items": [ROW],
        },
        response_only=True,
    )
]  # fmt: skip

FACETS = [
    OpenApiExample(
        "Facets",
        {"id": 10, "facets": {"店舗名": {"values": [{"value": "恵比寿", "count": 700}], "unique": 2, "missing": 0}}},
        response_only=True,
    )
]

FILTER = OpenApiParameter(
    "f",
    str,
    many=True,
    description='`column,operator,value`, repeatable; or JSON: `{"col": …, "op": …, "val": …}`. Lists split on `|`. '
    "Operators: " + ", ".join(f"`{operator}`" for operator in OPERATORS),
)
ROWS_PARAMETERS = [
    OpenApiParameter("columns", str, description="`a,b` or a JSON list; all by default."),
    FILTER,
    OpenApiParameter(
        "sort", str, description='`a,-b` or `[{"col": "a", "desc": true}]`; the file\'s order by default.'
    ),
]
PAGE_PARAMETERS = [
    OpenApiParameter("page", int, description="From 1."),
    OpenApiParameter("page_size", int, description="1–100 (50)."),
]
FACETS_PARAMETERS = [
    OpenApiParameter("cols", str, description="`a,b` or a JSON list; text and boolean columns by default."),
    OpenApiParameter("limit", int, description="How many values of each, 1–1000 (20)."),
    FILTER,
]
EXPORT_PARAMETERS = [
    OpenApiParameter("format", str, enum=list(FORMATS), default="csv"),
    OpenApiParameter("bom", bool, description="CSV: begin with a byte order mark, for Excel."),
    OpenApiParameter("raw", bool, description="Leave cells that a spreadsheet would run as they are."),
]
