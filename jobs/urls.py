from core.api import route
from jobs.views import JobCancel, JobDetail, JobEvents, JobList

urlpatterns = [
    route("jobs", JobList.as_view()),
    route("jobs/{id}", JobDetail.as_view()),
    route("jobs/{id}/cancel", JobCancel.as_view()),
    route("jobs/{id}/events", JobEvents.as_view()),
]
