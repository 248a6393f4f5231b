"""How long a report takes, HTML included, and its peak memory: from cold, with the dataset's profile already kept, and
as the second report on a dataset (here with a target, which the first one did not have).

    python benchmarks/reports.py [--peer PYTHON] [rows …]      (default: 10000 100000 1000000)

Each measurement runs in a process of its own. ``--peer`` is the Python of an environment that has ydata-profiling and
sweetviz installed; they read the same Parquet file with pandas and write their HTML, ydata-profiling in minimal mode.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, whose http.py would hide the library's

PEERS = {
    "ydata-profiling, minimal": (
        "from ydata_profiling import ProfileReport; import pandas as pd, sys\n"
        "ProfileReport(pd.read_parquet(sys.argv[1]), minimal=True, progress_bar=False).to_file(sys.argv[2])"
    ),
    "sweetviz": (
        "import sweetviz, pandas as pd, sys\n"
        "sweetviz.analyze(pd.read_parquet(sys.argv[1]), pairwise_analysis='off')"
        ".show_html(sys.argv[2], open_browser=False)"
    ),
}


def ours(path: Path, given: str, folder: Path) -> None:
    """In a process of its own: examine, draw, and say how long each took. ``given``: nothing, profile or report."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from analysis.services import profile
    from benchmarks import data
    from reports.eda import Options, examine
    from reports.rendering import FORMATS, Titles
    from tabular.engines.local import Table

    table = Table(path, data.COLUMNS)
    made = {"profile": lambda: profile.run(table, profile.Params()).result,
            "report": lambda: examine(table, Options(roles=data.ROLES))}  # fmt: skip
    kept = folder / f"{given}.json"
    if given in made and not kept.exists():
        kept.write_text(json.dumps(made[given]()))
        return
    known = {given: json.loads(kept.read_text())} if given in made else {}
    wishes = Options(roles=data.ROLES, target="weather" if given == "report" else None)
    marks: list[tuple[str, float]] = []
    started = time.perf_counter()
    found = examine(
        table, wishes, known.get("profile"), lambda _percent, name: marks.append((name, time.perf_counter())),
        before=known.get("report"),
    )  # fmt: skip
    examined = time.perf_counter()
    html = FORMATS["html"](found, Titles("Benchmark"), "en")
    ended = time.perf_counter()
    ends = [at for _name, at in marks[1:]] + [examined]
    said = {
        "seconds": ended - started,
        "bytes": len(html.encode()),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "sections": {name: round(end - at, 3) for (name, at), end in zip(marks, ends, strict=True)}
        | {"html": round(ended - examined, 3)},
    }
    print(json.dumps(said))


def child(*words: str) -> tuple[float, float, str]:
    """Seconds of the whole process, its peak memory in megabytes, and what it said."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    return time.perf_counter() - started, usage.ru_maxrss / 1024, text if process.returncode == 0 else "failed"


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("rows", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    reader.add_argument("--peer")
    asked = reader.parse_args()
    from benchmarks import data

    print("| rows | what | seconds | whole process | peak MB | HTML bytes |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in asked.rows:
            place = folder / str(rows)
            place.mkdir()
            path = place / "table.parquet"
            data.write_parquet(rows, path)
            me = [sys.executable, __file__, "--child", str(path), str(place)]
            runs = [("from cold", child(*me, "nothing"))]
            for given in ("profile", "report"):
                child(*me, given)
                runs.append((f"{given} kept", child(*me, given)))
            for what, (seconds, _memory, said) in runs:
                facts = json.loads(said.splitlines()[-1])
                print(f"| {rows:,} | {what} | {facts['seconds']:.2f} | {seconds:.2f} | {facts['megabytes']:.0f} "
                      f"| {facts['bytes']:,} |")  # fmt: skip
                print("  ", facts["sections"], file=sys.stderr)
            for what, script in PEERS.items() if asked.peer else ():
                seconds, memory, said = child(asked.peer, "-c", script, str(path), str(folder / "peer.html"))
                shown = "failed" if said == "failed" else f"{seconds:.2f}"
                print(f"| {rows:,} | {what} | – | {shown} | {memory:.0f} | |")


if __name__ == "__main__":
    if "--child" in sys.argv:
        path, folder, given = sys.argv[sys.argv.index("--child") + 1 :]
        ours(Path(path), given, Path(folder))
    else:
        main()
