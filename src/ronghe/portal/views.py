"""The portal's pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ronghe.kernel.accounts.access import public, signed_in


@public
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/base.html")


@public
def zone_home(request: HttpRequest, zone: str) -> HttpResponse:
    return render(request, "portal/base.html")


@public
def zone_map(request: HttpRequest, zone: str) -> HttpResponse:
    return render(request, "portal/base.html")


@public
def search(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/base.html")


@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/base.html")


@public
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/base.html")
