"""Every address of the application."""

from django.urls import include, path

urlpatterns = [
    path("", include("safar.desk.sign_in.addresses")),
    path("", include("safar.desk.officers.addresses")),
    path("", include("safar.desk.emergency.addresses")),
    path("", include("safar.desk.history.addresses")),
    path("", include("safar.desk.addresses")),
]

handler400 = "safar.desk.ui.errors.bad_request"
handler403 = "safar.desk.ui.errors.not_allowed"
handler404 = "safar.desk.ui.errors.not_there"
handler429 = "safar.desk.ui.errors.too_many"
handler500 = "safar.desk.ui.errors.our_fault"
