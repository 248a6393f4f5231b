"""A raw CSV export, taken in again, is the table it was."""

from datetime import date

import polars as pl
import pytest

from tabular.formats import FORMATS
from tabular.ingest import ingest
from tabular.options import Options
from tabular.query import RowsQuery
from tabular.schema import Column
from tests.spec.tables import stored

FRAME = pl.DataFrame(
    {
        "日付": [date(2024, 1, 31), None, date(2024, 2, 29)],
        "品名": ["=1+1", 'りんご, "赤"', "二行\nの文"],
        "コード": ["00123", "00001", None],
        "数量": [1, -20, None],
        "単価": [0.1, 1e-7, 123456.789],
        "有効": [True, None, False],
        "備考": [" 前後 ", "-5円引き", "'x"],
    }
)
DTYPES = ["date", "text", "text", "integer", "decimal", "boolean", "text"]
COLUMNS = tuple(Column(name, dtype) for name, dtype in zip(FRAME.columns, DTYPES, strict=True))


@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize("name", ["csv", "parquet", "json", "ndjson", "xlsx"])
def test_out_and_in_again(name, bom, tmp_path):
    form = FORMATS[name]
    with stored(FRAME, COLUMNS) as table:
        batches = table.scan_batches(RowsQuery(tuple(FRAME.columns)))
        data = b"".join(form.write(batches, COLUMNS, bom=bom, raw=True))
    source, target = tmp_path / f"out.{form.extension}", tmp_path / "again.parquet"
    source.write_bytes(data)
    taken = ingest(source, target, Options(source.name))
    assert [(column.name, column.dtype) for column in taken.columns] == [(one.name, one.dtype) for one in COLUMNS]
    assert pl.read_parquet(target).equals(FRAME)
