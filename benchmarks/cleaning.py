"""How long a ten-step plan takes on a million rows and twenty columns, and its peak memory, beside the same steps as a
pandas script.

    python benchmarks/cleaning.py [rows …]      (default: 10000 1000000)

Each measurement runs in a process of its own, imports included, three times; the fastest counts. Ours reads the stored
Parquet and writes a Parquet, with the counts of what each step changed. The scripts are the plan's own rendered code
between ``read_csv`` and ``to_csv`` (what people do), and between ``read_parquet`` and ``to_parquet`` (the least that
pandas can do).
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, whose http.py would hide the library's

LEFT_OUT = ("BAG", "ACCESSORY", "COSMETICS")  # of the 23 columns
STEPS = (
    ("drop_duplicates", {}),
    ("drop_missing_rows", {"columns": ["Date", "shop"]}),
    ("fill_missing", {"columns": ["temperature"], "strategy": "median", "flag": True}),
    ("fill_missing", {"columns": ["KIDS", "SHOES", "weather"], "strategy": "mode"}),
    ("normalise_text", {"columns": ["shop", "weather"]}),
    ("outliers", {"columns": ["Total_Sales", "customers"], "method": "iqr", "action": "clip"}),
    ("log_transform", {"columns": ["per_customer"], "method": "log1p"}),
    ("split_date", {"columns": ["Date"], "parts": ["year", "month", "weekday"]}),
    ("one_hot", {"columns": ["shop", "weather"]}),
    ("scale", {"columns": ["Total_Sales", "customers", "temperature"], "method": "standard"}),
)
READ = {
    "csv": 'df = pd.read_csv(sys.argv[1], parse_dates=["Date"])',
    "parquet": "df = pd.read_parquet(sys.argv[1])\ndf['Date'] = pd.to_datetime(df['Date'])",
}
WRITE = {"csv": "df.to_csv(sys.argv[2], index=False)", "parquet": "df.to_parquet(sys.argv[2], index=False)"}


def columns():
    from benchmarks import data

    return [column for column in data.COLUMNS if column.name not in LEFT_OUT]


def ours(source: Path, output: Path) -> None:
    """In a process of its own."""
    from cleaning.engine.running import Step, execute
    from cleaning.operations import parse

    steps = [Step(order, parse(name, params)).to_dict() for order, (name, params) in enumerate(STEPS, 1)]
    found = execute(source, columns(), {}, steps, None, output)
    if "-v" in sys.argv:
        for one in found["steps"]:
            name = steps[one["order"] - 1]["operation"]
            print(f"    {name:18} {one['execution_time']:7.2f} s {one['cells_changed']:>10} cells", file=sys.stderr)


def script(form: str) -> str:
    from cleaning.engine.running import Step
    from cleaning.engine.script import render
    from cleaning.operations import parse

    steps = [Step(order, parse(name, params)) for order, (name, params) in enumerate(STEPS, 1)]
    made = render(steps, {column.name: column.dtype for column in columns()})
    imports = sorted({line for one in made.values() for line in one.imports})
    lines = ["import sys", "import numpy as np", "import pandas as pd", *imports, READ[form]]
    return "\n".join([*lines, *(one.body for one in made.values()), WRITE[form]])


def timed(command: list[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of the fastest of three runs."""
    runs = []
    for _ in range(3):
        started = time.perf_counter()
        child = subprocess.Popen([sys.executable, __file__, "--watch", *command], stdout=subprocess.PIPE, text=True)
        peak, _nothing = child.communicate()
        if child.returncode:
            raise SystemExit(child.returncode)
        runs.append((time.perf_counter() - started, float(peak.split()[-1]) / 1024))
    return min(runs)


def watch(command: list[str]) -> None:
    """Runs the command and prints its peak memory in KB."""
    code = subprocess.run(command, check=False).returncode
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    sys.exit(code)


def compare(rows: int, folder: Path) -> None:
    import polars as pl

    from benchmarks import data
    from tabular import parquet

    frame = pl.concat(data.frames(rows)).drop(LEFT_OUT)
    frame = frame.with_columns(  # with something to clean
        pl.when(pl.int_range(rows) % 17 == 3).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("temperature", "KIDS", "weather")
    )
    stored, text = folder / f"{rows}.parquet", folder / f"{rows}.csv"
    parquet.sink(frame.lazy(), stored)
    frame.write_csv(text)
    del frame
    print(f"{rows:,} rows × {len(columns())} columns, {len(STEPS)} steps")
    mine = timed([sys.executable, __file__, "--ours", str(stored), str(folder / "out.parquet")])
    print(f"  {'the plan':32} {mine[0]:6.2f} s {mine[1]:7.0f} MB")
    for form, source in (("csv", text), ("parquet", stored)):
        (folder / "script.py").write_text(script(form))
        theirs = timed([sys.executable, str(folder / "script.py"), str(source), str(folder / f"out.{form}")])
        ratio = f"plan ÷ script: time {mine[0] / theirs[0]:.2f}, memory {mine[1] / theirs[1]:.2f}"
        print(f"  {f'pandas script, {form}':32} {theirs[0]:6.2f} s {theirs[1]:7.0f} MB   {ratio}")


def main() -> None:
    if sys.argv[1:2] == ["--ours"]:
        ours(Path(sys.argv[2]), Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--watch"]:
        watch(sys.argv[2:])
    else:
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            for rows in [int(word) for word in sys.argv[1:] if word.isdigit()] or [10_000, 1_000_000]:
                compare(rows, Path(folder))


if __name__ == "__main__":
    main()
