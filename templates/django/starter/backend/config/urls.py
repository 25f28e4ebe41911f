from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("auth/", include("config.cookie_auth_urls")),
    path("admin/", admin.site.urls),
]
