"""The addresses of signing in: of django-allauth only those that are needed, under the names it looks for."""

from allauth.account import views as account
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from safar.desk import hidden  # noqa: F401 - makes <hidden:…> known
from safar.desk.sign_in import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/login/", views.sign_in, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/change/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", views.sessions, name="usersessions_list"),
    path("invitation/<hidden:officer_id>/<str:token>/", views.invitation, name="invitation"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/enter/", views.enter_demo, name="demo_enter"))
