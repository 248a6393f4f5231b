"""What the platform itself remembers."""

from django.db import models


class RequestCount(models.Model):
    """How many requests one caller made in one window of time; shared by every process of the server."""

    key = models.CharField(max_length=160, primary_key=True)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "core_request_count"

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
