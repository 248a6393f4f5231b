"""How fast a CSV file becomes a dataset, against bare converters in the same run, and in how much memory.

    python benchmarks/ingest.py [--rows 1000000] [--repeat 3] [--python /path/with/duckdb/bin/python]

Each measurement is a fresh process; the best of ``--repeat`` counts. Bare converters neither decide types on the whole
file nor report anything: pandas and DuckDB as a user would call them, Polars with a sampled schema and streaming. The
table names the ratio to the fastest of them; "careful" is the same file with one record in a hundred broken.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

_INGEST = """
from tabular.ingest import ingest
from tabular.options import Options
start = time.perf_counter()
ingest(Path(source), Path(target), Options(filename="bench.csv"))
"""
_BARE = {
    "polars": """
import polars
start = time.perf_counter()
polars.scan_csv(source).sink_parquet(target)
""",
    "pandas": """
import pandas
start = time.perf_counter()
pandas.read_csv(source).to_parquet(target)
""",
    "duckdb": """
import duckdb
start = time.perf_counter()
duckdb.sql(f"copy (from read_csv('{source}')) to '{target}' (format parquet)")
""",
}
_BEGIN = """
import json, resource, sys, time
from pathlib import Path
began = time.perf_counter()
source, target = sys.argv[1:]
"""
_END = """
ended = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
cpu = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
print(json.dumps({"work": ended - start, "whole": ended - began, "cpu": cpu, "mb": peak}))
"""


def measured(
    code: str, source: Path, folder: Path, repeat: int, python: str = sys.executable
) -> dict[str, float] | None:
    runs = []
    for _ in range(repeat):
        command = [python, "-c", _BEGIN + code + _END, str(source), str(folder / "out.parquet")]
        done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1])
        if done.returncode:
            return None
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    return min(runs, key=lambda run: run["work"])


def broken(source: Path, target: Path, share: float = 0.01) -> None:
    """The same file, with some records too long, too short, with an open quote or another delimiter."""
    rng = random.Random(1)
    kinds = (
        lambda cells: ",".join([*cells, "9"]),
        lambda cells: ",".join(cells[:-2]),
        lambda cells: ",".join([cells[0], '"' + cells[1], *cells[2:]]),
        lambda cells: ";".join(cells),
    )
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        out.write(next(lines))
        for line in lines:
            bad = rng.random() < share
            out.write(rng.choice(kinds)(line.rstrip("\n").split(",")) + "\n" if bad else line)


def report(source: Path, folder: Path, repeat: int, python: str) -> dict[str, float]:
    size = source.stat().st_size / 1e6
    results: dict[str, dict[str, float] | None] = {}
    for name, code in _BARE.items():
        own = python if name == "duckdb" else sys.executable
        results[name] = measured(code, source, folder, repeat, own)
    fastest = min(run["work"] for run in results.values() if run)
    fastest_whole = min(run["whole"] for run in results.values() if run)
    ingested = measured(_INGEST, source, folder, repeat)
    crooked = folder / "broken.csv"
    broken(source, crooked)
    results |= {"ingest": ingested, "ingest, careful": measured(_INGEST, crooked, folder, repeat)}
    crooked.unlink()
    print(f"\n{size:,.0f} MB of CSV              seconds   × fastest   with start   × fastest    CPU s   peak MB")
    for name, run in results.items():
        if run is None:
            print(f"  {name:24s} not installed")
            continue
        print(
            f"  {name:24s}{run['work']:9.2f}{run['work'] / fastest:12.2f}{run['whole']:13.2f}"
            f"{run['whole'] / fastest_whole:12.2f}{run['cpu']:9.2f}{run['mb']:10,.0f}"
        )
    return ingested or {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="95 MB a million")
    parser.add_argument("--times", type=int, default=10, help="the larger file holds this many times the rows; 0: none")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has duckdb")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "retail.csv"
        maker = [sys.executable, str(Path(__file__).parent / "data.py"), str(asked.rows), str(source)]
        subprocess.run(maker, check=True, cwd=Path(__file__).parents[1], env={"PYTHONPATH": "."})
        small = report(source, folder, asked.repeat, asked.python)
        if asked.times:
            many = folder / "many.csv"
            header, body = source.read_bytes().split(b"\n", 1)
            with many.open("wb") as out:
                out.write(header + b"\n")
                for _ in range(asked.times):
                    out.write(body)
            del body
            large = report(many, folder, 1, asked.python)
            print(f"\nmemory of the larger file: {large['mb'] / small['mb']:.2f} × that of the smaller")


if __name__ == "__main__":
    main()
