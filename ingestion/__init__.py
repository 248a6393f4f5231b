"""Directories of files become datasets, in the background: projects, cycles, sync sessions and their files."""
