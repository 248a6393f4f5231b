"""An app with jobs that tests can look at from outside: counting, sleeping, crashing, killing their worker."""
