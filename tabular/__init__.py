"""Everything the product knows about tables, in pure Python: no Django, nothing of the other rooms.

Data runs one way: bytes -> ``sniff`` -> ``readers`` -> ``typing`` -> ``parquet`` (composed by ``ingest``), then
``query`` -> ``engines`` -> the callers' small pandas frames, and out again through ``formats``.
"""
