"""Runs plans: Parquet in, steps over a pandas frame, Parquet out, with what each step changed. No Django here."""
