"""Answers and datasets as files."""
