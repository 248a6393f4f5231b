"""`make demo`: the main path over HTTP, as a newcomer's client would walk it, printed as tables.

It starts a server of its own with an empty database, or talks to the one at DEMO_URL. It stops, with the answer that
was not expected, at the first thing that goes wrong.
"""

import csv
import io
import os
import secrets
import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from email.message import Message
from pathlib import Path
from typing import Any

import openpyxl
import requests

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.journeys.running import running

DATA = Path(__file__).parents[1] / "data"


class Client:
    """One person's calls. Every call says what it expects, and how long the answer took."""

    def __init__(self, base: str) -> None:
        self.api = f"{base}/api/v1"
        self.http = requests.Session()
        self.milliseconds = 0.0

    def call(self, expected: int, method: str, path: str, **request: Any) -> requests.Response:
        begun = time.perf_counter()
        answer = self.http.request(method, self.api + path, timeout=120, **request)
        self.milliseconds = (time.perf_counter() - begun) * 1000
        if answer.status_code != expected:
            sys.exit(f"{method} {path}: {answer.status_code} instead of {expected}\n{answer.text[:2000]}")
        return answer

    def upload(self, path: Path) -> dict[str, Any]:
        with path.open("rb") as file:
            return self.call(200, "POST", "/data/upload", files={"file": (path.name, file)}).json()

    def ask(self, kind: str, **question: Any) -> requests.Response:
        return self.call(200, "POST", f"/analysis/{kind}", json=question)


def main() -> None:
    address = os.environ.get("DEMO_URL", "").rstrip("/")
    with nullcontext(address) if address else running() as base:
        print(f"Q-Storm Platform at {base}")
        client = Client(base)
        sign_up(client)
        shops = show_upload(client, DATA / "retail_ja.csv")
        orders = show_upload(client, DATA / "superstore.xlsx")
        series = show_series(client, shops)
        show_pareto(client, shops)
        show_pareto(client, orders, category_column="Sub-Category", value_column="Sales")
        show_histogram(client, orders)
        show_repeat(client, shops)
        show_names(client, shops, orders)
        show_exports(client, series)
    print("\nAll of it worked.")


def sign_up(client: Client) -> None:
    name, password = f"demo-{secrets.token_hex(4)}", secrets.token_urlsafe(16)
    person = {"username": name, "email": f"{name}@example.com", "password": password, "full_name": "恵比寿 花子"}
    user = client.call(201, "POST", "/users/register", json=person).json()
    login = client.call(200, "POST", "/auth/login", data={"username": name, "password": password}).json()
    client.http.headers["Authorization"] = f"Bearer {login['access_token']}"
    table(
        "Registered and logged in",
        ["user", "role", "session", "token type", "expires in (s)"],
        [[user["username"], user["role"], login["session_id"], login["token_type"], login["expires_in"]]],
    )


def show_upload(client: Client, path: Path) -> dict[str, Any]:
    receipt = client.upload(path)
    took = client.milliseconds
    dataset = client.call(200, "GET", f"/datasets/{receipt['dataset_id']}").json()
    title = f"{path.name}: {receipt['rows']} rows, {dataset['format']}, {dataset['encoding'] or 'no text encoding'}"
    first = receipt["preview"][0]
    table(
        f"{title} ({took:.0f} ms)",
        ["column", "type", "role", "first row"],
        [[c["name"], c["dtype"], c["role"] or "", first[c["name"]]] for c in dataset["schema"]],
    )
    return receipt


def show_series(client: Client, receipt: dict[str, Any]) -> dict[str, Any]:
    question = {"dataset_id": receipt["dataset_id"], "target_column": "総売上", "store": "恵比寿"}
    result = client.ask("timeseries", **question, aggregation="monthly").json()
    line, events = result["series"][0], {event["timestamp"]: event["kind"] for event in result["events"]}
    table(
        f"恵比寿, 総売上 by month ({client.milliseconds:.0f} ms); trend: {line['statistics']['trend']}",
        ["month ends", "yen", "complete", "event"],
        [
            [day, f"{value:,.0f}", "yes" if whole else "no", events.get(day, "")]
            for day, value, whole in zip(result["timestamp"], line["values"], result["complete"], strict=True)
        ],
    )
    return result


def show_pareto(client: Client, receipt: dict[str, Any], **columns: str) -> None:
    question = {"dataset_id": receipt["dataset_id"], "analysis_type": "product_category"}
    result = client.ask("pareto", **question, **columns).json()
    few = result["vital_few_threshold"]
    rows = [
        [
            item["category"],
            item["metadata"]["display_name"],
            f"{item['value']:,.0f}",
            f"{item['metadata']['percentage']:.1f} %",
            f"{item['metadata']['cumulative']:.1f} %",
        ]
        for item in result["data"][:12]
    ]
    table(
        f"{receipt['name']}: {few} of {len(result['data'])} categories make 80 % ({client.milliseconds:.0f} ms)",
        ["category", "shown as", "value", "share", "together"],
        rows,
    )


def show_histogram(client: Client, receipt: dict[str, Any]) -> None:
    result = client.ask("histogram", dataset_id=receipt["dataset_id"], column="Profit", bins=12).json()
    most = max(result["counts"])
    edges = zip(result["bins"], result["bins"][1:], result["counts"], strict=False)
    table(
        f"Profit of {result['summary']['count']} orders, mean {result['summary']['mean']:.2f}",
        ["from", "to", "orders", ""],
        [[f"{a:,.0f}", f"{b:,.0f}", n, "█" * round(40 * n / most)] for a, b, n in edges],
    )


def show_repeat(client: Client, receipt: dict[str, Any]) -> None:
    question = {"dataset_id": receipt["dataset_id"], "target_column": "客数", "aggregation": "weekly"}
    first = client.ask("timeseries", **question)
    computed = client.milliseconds
    again = client.ask("timeseries", **question)
    if first.content != again.content:
        sys.exit("the repeated question got another body")
    table(
        "The same question twice: one body",
        ["ask", "X-Cache", "bytes", "ms"],
        [
            ["first", first.headers["X-Cache"], len(first.content), f"{computed:.1f}"],
            ["again", again.headers["X-Cache"], len(again.content), f"{client.milliseconds:.1f}"],
        ],
    )


def show_names(client: Client, shops: dict[str, Any], orders: dict[str, Any]) -> None:
    path = f"/data/datasets/{shops['dataset_id']}"
    renamed = client.call(200, "PATCH", path, json={"name": "店舗日次"}).json()
    taken = client.call(409, "PATCH", f"/data/datasets/{orders['dataset_id']}", json={"name": "店舗日次"}).json()
    table(
        "Names are unique within a session",
        ["ask", "answer"],
        [["rename the CSV", renamed["name"]], ["give the workbook that name too", f"409 {taken['detail']}"]],
    )
    listed = client.call(200, "GET", "/data/datasets", params={"session_id": shops["session_id"]}).json()
    table(
        "Datasets of the session",
        ["id", "name", "created", "stored under"],
        [[d["id"], d["name"], d["created_at"][:19], d["path"]] for d in listed],
    )


def show_exports(client: Client, series: dict[str, Any]) -> None:
    path = f"/export/{series['job_id']}"
    text = client.call(200, "GET", path, params={"format": "csv"})
    lines = list(csv.reader(io.StringIO(text.content.decode("utf-8"))))
    book = client.call(200, "GET", path, params={"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(book.content), read_only=True).worksheets[0]
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    if not len(lines) == len(cells) == len(series["timestamp"]) + 1:
        sys.exit("an export has not one row for each period")
    table(
        "The month table, exported",
        ["format", "file name", "bytes", "rows", "first row"],
        [
            ["csv", filename(text), len(text.content), len(lines) - 1, lines[1]],
            ["xlsx", filename(book), len(book.content), len(cells) - 1, cells[1]],
        ],
    )


def filename(answer: requests.Response) -> str:
    """The name that a browser would save under, ``filename*`` included."""
    header = Message()
    header["Content-Disposition"] = answer.headers["Content-Disposition"]
    return header.get_filename("")


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    lines = [[str(cell) for cell in row] for row in [heads, *rows]]
    widths = [max(width(line[n]) for line in lines) for n in range(len(heads))]
    print(f"\n{title}")
    for number, line in enumerate(lines):
        print(
            "  "
            + "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(line, widths, strict=True)).rstrip()
        )
        if number == 0:
            print("  " + "  ".join("─" * wide for wide in widths))


def width(text: str) -> int:
    """Columns of a terminal: Japanese letters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


if __name__ == "__main__":
    main()
