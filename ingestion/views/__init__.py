"""HTTP's side of ingestion."""
