"""Engines answer the query model over a stored table. ``local`` (Polars over one Parquet file) is the only one."""
