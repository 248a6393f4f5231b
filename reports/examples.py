"""Examples for the API's documentation."""

from drf_spectacular.utils import OpenApiExample

from reports.eda import SCHEMA

ANALYZE = [
    OpenApiExample(
        "A report",
        {
            "dataset_id": 10, "report_title": "Comprehensive EDA Report",
            "report_description": "Full analysis of the dataset", "target_column": "target", "analysis_mode": "all",
            "sample_size": 10000, "max_plots": 8,
        },
        request_only=True,
    ),
    OpenApiExample(
        "Made",
        {"report_id": 3, "status": "completed", "message": "The report is ready.", "job_id": 21},
        response_only=True,
        status_codes=["201"],
    ),
]  # fmt: skip
REPORT = [
    OpenApiExample(
        "Report",
        {
            "id": 3, "title": "Comprehensive EDA Report", "description": "Full analysis of the dataset",
            "report_type": "eda", "analysis_mode": "all", "target_column": "target", "sample_size": 10000,
            "max_plots": 8, "status": "completed", "progress": 100, "data_quality_score": 93.4,
            "problem_type": "binary_classification", "dataset_id": 10, "is_public": False, "error": None,
            "created_at": "2026-01-31T09:00:00.000000+00:00", "completed_at": "2026-01-31T09:00:01.300000+00:00",
        },
        response_only=True,
    )
]  # fmt: skip
CHANGE = [OpenApiExample("Rename", {"title": "Passengers, 1912"}, request_only=True)]
SHARE = [
    OpenApiExample(
        "For a week, twenty views, with a password",
        {"expires_at": "2026-02-07T00:00:00Z", "max_views": 20, "password": "quiet river"},
        request_only=True,
    ),
    OpenApiExample(
        "A link",
        {
            "share_token": "5Yy0c2V0IGFsbCB0aGUgd29ybGQgb24gZmlyZSBzYXlz",
            "share_url": "http://127.0.0.1:8000/api/v1/reports/shared/5Yy0c2V0IGFsbCB0aGUgd29ybGQgb24gZmlyZSBzYXlz",
            "is_public": False, "expires_at": "2026-02-07T00:00:00.000000+00:00",
        },
        response_only=True,
    ),
]  # fmt: skip
RESULTS_ARE = "`results` holds codes and facts in no language:\n\n" + "\n".join(
    f"- `{name}`: {what}" for name, what in SCHEMA.items()
)
