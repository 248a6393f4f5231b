"""The main path over HTTP against re-reading the CSV with pandas for each request, in one run; ratios, not verdicts.

python -m benchmarks.http [ROWS …]        (10000 and 1000000 by default)
"""

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import requests
from urllib3.filepost import encode_multipart_formdata

from benchmarks import data
from tests.journeys.running import running

REPEATS = 9
SHOPS = data.SHOPS
FRESH = ("summary", "profile", "correlation", "trend", "cohort")


def median(run: Callable[[int], Any], repeats: int = REPEATS) -> float:
    """Median milliseconds of ``run(0), run(1), …`` after one call that does not count."""
    run(repeats)
    times = []
    for number in range(repeats):
        begun = time.perf_counter()
        run(number)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


class Naive:
    """What a small backend does: read the CSV again for each request, then compute."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def timeseries(self, number: int) -> None:
        frame = pd.read_csv(self.path, parse_dates=["Date"])
        frame = frame[frame["shop"] == SHOPS[number % len(SHOPS)]]
        frame.set_index("Date")["Total_Sales"].resample("ME").sum()

    def pareto(self, number: int) -> None:
        frame = pd.read_csv(self.path)
        frame = frame[frame["shop"] == SHOPS[number % len(SHOPS)]]
        frame[list(data.CATEGORIES)].sum().sort_values(ascending=False)

    def histogram(self, number: int) -> None:
        frame = pd.read_csv(self.path)
        np.histogram(frame["Total_Sales"], bins=20 + number)

    def summary(self, number: int) -> None:
        pd.read_csv(self.path).describe()

    def profile(self, number: int) -> None:
        frame = pd.read_csv(self.path)
        frame.describe()
        for name in frame.columns:
            column = frame[name]
            column.isna().sum()
            column.nunique()
            if not pd.api.types.is_numeric_dtype(column):
                column.value_counts().head(20)

    def correlation(self, number: int) -> None:
        pd.read_csv(self.path).corr(numeric_only=True)

    def trend(self, number: int) -> None:
        frame = pd.read_csv(self.path, parse_dates=["Date"])
        frame.set_index("Date")["Total_Sales"].resample("ME").sum()

    def cohort(self, number: int) -> None:
        frame = pd.read_csv(self.path, parse_dates=["Date"])
        month = frame["Date"].dt.to_period("M")
        first = month.groupby(frame["receipt"]).transform("min")
        frame.assign(first=first, month=month).groupby(["first", "month"])["receipt"].nunique().unstack()

    def rows(self, number: int) -> None:
        frame = pd.read_csv(self.path)
        found = frame[frame["shop"] == SHOPS[number % len(SHOPS)]]
        len(found)
        found.sort_values("Total_Sales", ascending=False).head(50).to_dict("records")


class Ours:
    """The same over HTTP; each repeat asks another question, so that no answer comes from the cache."""

    def __init__(self, base: str) -> None:
        self.api = f"{base}/api/v1"
        self.http = requests.Session()
        person = {"username": "bench", "email": "bench@example.com", "password": "Bench-mark-2024"}
        self.http.post(f"{self.api}/users/register", json=person).raise_for_status()
        login = self.http.post(f"{self.api}/auth/login", data={"username": "bench", "password": "Bench-mark-2024"})
        self.http.headers["Authorization"] = f"Bearer {login.json()['access_token']}"

    def upload(self, path: Path) -> int:
        body, kind = encode_multipart_formdata({"file": (path.name, path.read_bytes(), "text/csv")})
        begun = time.perf_counter()
        answer = self.http.post(f"{self.api}/data/upload", data=body, headers={"Content-Type": kind})
        answer.raise_for_status()
        self.upload_seconds = time.perf_counter() - begun
        job = answer.json().get("job_id")
        while job and answer.status_code == 202:
            state = self.http.get(f"{self.api}/jobs/{job}").json()
            if state["status"] == "failed":
                raise SystemExit(state)
            if state["status"] == "succeeded":
                self.upload_seconds = time.perf_counter() - begun
                break
            time.sleep(0.02)
        self.dataset = answer.json()["dataset_id"]
        return self.dataset

    def ask(self, kind: str, **question: Any) -> requests.Response:
        answer = self.http.post(f"{self.api}/analysis/{kind}", json={"dataset_id": self.dataset} | question)
        answer.raise_for_status()
        return answer

    def timeseries(self, number: int) -> None:
        self.ask("timeseries", target_column="Total_Sales", store=SHOPS[number % len(SHOPS)])

    def pareto(self, number: int) -> None:
        self.ask("pareto", store=SHOPS[number % len(SHOPS)])

    def histogram(self, number: int) -> None:
        self.ask("histogram", column="Total_Sales", bins=20 + number)

    def summary(self, number: int) -> None:
        self.fresh("summary")

    def profile(self, number: int) -> None:
        self.fresh("profile")

    def correlation(self, number: int) -> None:
        self.fresh("correlation")

    def trend(self, number: int) -> None:
        self.fresh("trend", date="Date", value="Total_Sales", freq="M")

    def cohort(self, number: int) -> None:
        self.fresh("cohort", user_column="receipt", activity_date_column="Date")

    def fresh(self, kind: str, **question: Any) -> None:
        """A question that has one form only is asked of a dataset whose roles have just changed."""
        self.flip = not getattr(self, "flip", False)
        roles = {"store": "shop" if self.flip else None}
        self.http.patch(f"{self.api}/datasets/{self.dataset}", json={"roles": roles}).raise_for_status()
        begun = time.perf_counter()
        assert self.ask(kind, **question).headers["X-Cache"] == "MISS"
        self.took = (time.perf_counter() - begun) * 1000

    def median_fresh(self, kind: str) -> float:
        """Of the questions alone, without the change of roles before each."""
        times = []
        for number in range(5):
            getattr(self, kind)(number)
            times.append(self.took)
        return statistics.median(times)

    def rows(self, number: int) -> None:
        query = {"f": f"shop,eq,{SHOPS[number % len(SHOPS)]}", "sort": "-Total_Sales", "page_size": "50"}
        self.http.get(f"{self.api}/datasets/{self.dataset}/rows", params=query).raise_for_status()

    def cached(self, number: int) -> None:
        assert self.ask("histogram", column="Total_Sales", bins=20).headers["X-Cache"] == "HIT"

    def health(self, number: int) -> None:
        self.http.get(f"{self.api}/health").raise_for_status()


def server_memory(port: str) -> int:
    """Bytes of every process of the server on ``port``, children that parse included (proportional set size)."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"PORT={port}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                rollup = (folder / "smaps_rollup").read_text()
                total += int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1]) * 1024
        except (OSError, StopIteration):
            continue
    return total


@contextmanager
def peak_memory(port: str) -> Iterator[list[int]]:
    peak, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], server_memory(port))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def bare_conversion(path: Path, folder: Path) -> float:
    begun = time.perf_counter()
    pd.read_csv(path).to_parquet(folder / "bare.parquet")
    return time.perf_counter() - begun


def measure(rows: int, folder: Path) -> None:
    path = folder / f"retail-{rows}.csv"
    data.write_csv(rows, path)
    print(f"\n{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB of CSV; medians of {REPEATS}")
    with running() as base:
        ours, naive = Ours(base), Naive(path)
        bare, sent, peaks = [], [], []
        for _ in range(3):
            bare.append(bare_conversion(path, folder))
            with peak_memory(base.rsplit(":", 1)[1]) as peak:
                ours.upload(path)
            sent.append(ours.upload_seconds)
            peaks.append(peak[0])
        ratio, memory = statistics.median(sent) / statistics.median(bare), max(peaks) / 1e6
        print(f"{'upload':12} {statistics.median(sent):8.2f} s  bare {statistics.median(bare):8.2f} s  {ratio:.2f}")
        print(f"{'':12} the whole server at most {memory:.0f} MB meanwhile")
        for kind in ("timeseries", "pareto", "histogram", "rows", *FRESH):
            slow = median(getattr(naive, kind), 3 if kind in FRESH else REPEATS)
            fast = ours.median_fresh(kind) if kind in FRESH else median(getattr(ours, kind))
            print(f"{kind:12} {fast:8.1f} ms  re-reading {slow:9.1f} ms  {slow / fast:6.1f} times faster")
        ours.ask("histogram", column="Total_Sales", bins=20)
        cached, health = median(ours.cached, 60), median(ours.health, 60)
        print(f"{'cached':12} {cached:8.2f} ms  GET /health {health:7.2f} ms  ratio {cached / health:6.2f}")


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory(prefix="qstorm-bench-") as folder:
        for rows in sizes:
            measure(rows, Path(folder))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 1_000_000])
