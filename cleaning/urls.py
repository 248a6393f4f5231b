"""The routes of cleaning."""

urlpatterns: list[object] = []
