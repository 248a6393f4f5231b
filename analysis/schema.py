"""What the API description says of each kind of question: its fields, and a real question with its answer."""

from dataclasses import dataclass, field
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers


class Target(serializers.Serializer[Any]):
    """Which dataset: one of the two, or both when they belong together."""

    dataset_id = serializers.IntegerField(required=False, help_text="The dataset to ask.")
    session_id = serializers.IntegerField(required=False, help_text="Alone: the session's newest dataset.")


class Timeseries(Target):
    target_column = serializers.CharField(help_text="The column to aggregate.")
    aggregation = serializers.ChoiceField(["daily", "weekly", "monthly"], default="monthly")
    method = serializers.ChoiceField(["sum", "mean", "count"], default="sum")
    store = serializers.CharField(required=False, help_text="One store only; without it, all of them.")
    date_range = serializers.ListField(
        child=serializers.DateField(allow_null=True), required=False, help_text="[start, end], both days included."
    )
    date_column = serializers.CharField(required=False, help_text="Instead of the detected one.")
    store_column = serializers.CharField(required=False, help_text="Instead of the detected one.")


class Pareto(Target):
    analysis_type = serializers.ChoiceField(["product_category"], default="product_category")
    store = serializers.CharField(required=False)
    period = serializers.CharField(required=False, help_text="2024, 2024-Q1, 2024-01 or 2024-01-05.")
    category_column = serializers.CharField(required=False, help_text="Long form: the column of categories …")
    value_column = serializers.CharField(required=False, help_text="… and the measure to add up.")
    category_columns = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Wide form: one numeric column per category."
    )


class Histogram(Target):
    column = serializers.CharField(help_text="A numeric column.")
    bins = serializers.IntegerField(min_value=1, max_value=1000, default=20)
    fit = serializers.ChoiceField(["normal"], required=False)


class Summary(Target):
    pass


class Profile(Target):
    pass


class Correlation(Target):
    cols = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Numeric columns; all of them."
    )
    method = serializers.ChoiceField(["pearson", "spearman"], default="pearson")


class Trend(Target):
    date = serializers.CharField(help_text="A date column.")
    value = serializers.CharField(required=False, help_text="A numeric column; not needed to count.")
    freq = serializers.ChoiceField(["D", "W", "M"], default="D")
    agg = serializers.ChoiceField(["sum", "mean", "count"], default="sum")


class Cohort(Target):
    user_column = serializers.CharField(required=False)
    cohort_date_column = serializers.CharField(required=False)
    activity_date_column = serializers.CharField(required=False)
    period = serializers.ChoiceField(["month", "week"], default="month")
    max_periods = serializers.IntegerField(required=False, min_value=1)


@dataclass(frozen=True, slots=True)
class Docs:
    summary: str
    fields: type[serializers.Serializer[Any]]
    question: dict[str, Any]
    answer: dict[str, Any] = field(default_factory=dict)


DOCS: dict[str, Docs] = {
    "timeseries": Docs(
        "A number per day, week or month",
        Timeseries,
        {"dataset_id": 10, "target_column": "Total_Sales", "aggregation": "monthly", "store": "恵比寿"},
        {
            "timestamp": ["2024-01-31", "2024-02-29"],
            "series": [
                {
                    "name": "Total_Sales",
                    "values": [12345.0, 15678.0],
                    "statistics": {"mean": 14011.5, "std": 2356.79, "min": 12345.0, "max": 15678.0, "trend": "flat"},
                }
            ],
            "events": [],
            "complete": [True, False],
            "job_id": 12,
        },
    ),
    "pareto": Docs(
        "Which categories make 80 %",
        Pareto,
        {"dataset_id": 10, "analysis_type": "product_category", "period": "2024-01"},
        {
            "data": [
                {
                    "category": "WOMEN'S_TOPS",
                    "value": 1800000.0,
                    "metadata": {"display_name": "レディース トップス", "percentage": 60.0, "cumulative": 60.0},
                },
                {
                    "category": "Mens_TOPS",
                    "value": 1200000.0,
                    "metadata": {"display_name": "メンズ トップス", "percentage": 40.0, "cumulative": 100.0},
                },
            ],
            "total": 3000000.0,
            "vital_few_threshold": 2,
            "job_id": 13,
        },
    ),
    "histogram": Docs(
        "How a number is distributed",
        Histogram,
        {"dataset_id": 10, "column": "Total_Sales", "bins": 2},
        {
            "bins": [0.0, 1000.0, 2000.0],
            "counts": [2, 5],
            "fit": None,
            "summary": {"count": 7, "mean": 1201.5, "std": 433.2, "min": 0.0, "max": 2000.0, "missing": 0},
            "job_id": 14,
        },
    ),
    "summary": Docs(
        "Count, mean, std, min and max of the numeric columns",
        Summary,
        {"dataset_id": 10},
        {"id": 10, "summary": {"qty": {"count": 3, "mean": 2.0, "std": 1.0, "min": 1, "max": 3}}, "job_id": 15},
    ),
    "profile": Docs("What each column holds, and what is wrong with it", Profile, {"dataset_id": 10}),
    "correlation": Docs(
        "How numeric columns move together",
        Correlation,
        {"dataset_id": 10, "cols": ["price", "qty"]},
        {
            "id": 10,
            "correlation": {"price": {"price": 1.0, "qty": 0.7}, "qty": {"price": 0.7, "qty": 1.0}},
            "job_id": 17,
        },
    ),
    "trend": Docs(
        "A number per period, as a list of points",
        Trend,
        {"dataset_id": 10, "date": "date", "value": "amount", "freq": "M"},
        {"id": 10, "trend": [{"date": "2024-01-31T00:00:00", "amount": 10.0}], "job_id": 18},
    ),
    "cohort": Docs(
        "How many of each cohort come back",
        Cohort,
        {"dataset_id": 10, "period": "month"},
        {
            "id": 10,
            "analysis_type": "cohort_retention",
            "results": {
                "cohort_sizes": {"2024-01": 150},
                "retention_rates": {"2024-01": {"month_0": 1.0, "month_1": 0.65, "month_2": None}},
            },
            "job_id": 19,
        },
    ),
}


def describe_question(kind: str, *, query: bool = False) -> Any:
    """The decorator for the view of a kind; ``query``: its fields come in the query string."""
    docs = DOCS[kind]
    examples = [OpenApiExample("An answer", value=docs.answer, response_only=True)] if docs.answer else []
    if query:
        return extend_schema(
            summary=docs.summary,
            parameters=_query(docs.fields),
            responses={200: OpenApiTypes.OBJECT},
            examples=examples,
        )
    return extend_schema(
        summary=docs.summary,
        request=docs.fields,
        responses={200: OpenApiTypes.OBJECT},
        examples=[OpenApiExample("A question", value=docs.question, request_only=True), *examples],
    )


def _query(fields: type[serializers.Serializer[Any]]) -> list[OpenApiParameter]:
    own = {name: one for name, one in fields().fields.items() if name not in Target().fields}
    return [
        OpenApiParameter(
            name,
            str,
            required=one.required,
            description=str(one.help_text or ""),
            enum=list(one.choices) if isinstance(one, serializers.ChoiceField) else None,
        )
        for name, one in own.items()
    ]
