"""Many small files through a session, against a bare loop over the same reader with as many workers.

    .venv/bin/python -m benchmarks.ingestion [files] [workers]

The loop parses and writes Parquet in one process and keeps nothing else: no copy, no hash, no database, no sandbox.
"""

import os
import secrets
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def make(folder: Path, files: int) -> None:
    folder.mkdir(parents=True)
    for number in range(files):
        rows = "".join(f"2026-01-{day:02d},store {day % 5},{number * day},{day * 1.5}\n" for day in range(1, 29))
        (folder / f"sales-{number:05d}.csv").write_text("date,store,quantity,amount\n" + rows)


def bare_loop(folder: Path, target: Path, workers: int) -> float:
    from tabular.ingest import ingest
    from tabular.options import Options

    def one(path: Path) -> None:
        ingest(path, target / f"{path.stem}.parquet", Options(filename=path.name))

    target.mkdir()
    paths = sorted(folder.iterdir())
    one(paths[0])  # what is imported late is imported now
    begun = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, paths))
    return time.perf_counter() - begun


def session(folder: Path, workers: int) -> float:
    from accounts.models import User, default_company
    from ingestion import starting
    from ingestion.models import Project, SyncSession
    from jobs.running import run

    user = User.objects.create(username="bench", email="bench@example.com", company=default_company())
    project = Project.objects.create(company=default_company(), project_name="bench")
    made = SyncSession.objects.create(
        project=project, user=user, local_directory=str(folder), max_workers=workers
    )  # fmt: skip
    job = starting.start(session=made, user=user)
    begun = time.perf_counter()
    run(job.pk)
    took = time.perf_counter() - begun
    made.refresh_from_db()
    assert made.status == "completed", (made.status, job.pk)
    return took


def main() -> None:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    with tempfile.TemporaryDirectory(prefix="qstorm-bench-") as name:
        work = Path(name)
        os.environ |= {
            "IGNORE_DOTENV": "1", "SECRET_KEY": secrets.token_urlsafe(50), "MEDIA_ROOT": str(work / "media"),
            "INGEST_ROOTS": str(work / "in"), "REGISTRATION": "closed", "LOG_LEVEL": "WARNING",
            "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{work}/db.sqlite3"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        make(work / "in", files)
        loop = bare_loop(work / "in", work / "bare", workers)
        took = session(work / "in", workers)
        print(f"{files} files, {workers} workers")
        print(f"  bare loop   {loop:6.1f} s   {files / loop:6.0f} files/s")
        print(f"  session     {took:6.1f} s   {files / took:6.0f} files/s   {loop / took:.0%} of the loop's speed")


if __name__ == "__main__":
    main()
