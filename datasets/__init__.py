"""Datasets: receiving files, keeping them, showing them as they are."""
