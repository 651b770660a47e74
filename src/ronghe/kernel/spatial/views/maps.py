"""What a map asks for: tiles, and layers as GeoJSON."""

import gzip
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from ronghe.kernel.accounts.access import actor_of, public

from .. import queries, tiles
from ..content import refuse_drawn
from ..errors import BadBox, NoSuchTile
from ..models import Layer
from ..rules import Box, content_digest

#: How long a browser may keep an answer without asking. Pages put the layer's version into the address, so that a new
#: version is seen at once; this only bounds what other programs see.
KEEP_SECONDS = 600


@public
@require_safe
def tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """One vector tile: 204 when nothing lies in it, 304 when the browser has this version.

    Raises: LayerNotFound, NoSuchTile.
    """
    address = tiles.Address(z, x, y)
    if not address.exists:
        raise NoSuchTile(z=z, x=x, y=y, deepest=tiles.DEEPEST)
    found = queries.layer(layer, actor=actor_of(request))

    def answer() -> HttpResponse:
        content = tiles.tile(found.pk, found.slug, found.version, found.digest, address, found.content)
        if not content:
            return HttpResponse(status=204)
        # Kept gzipped; the few who do not take that get it unpacked.
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        response = HttpResponse(
            content if packed else gzip.decompress(content), content_type="application/vnd.mapbox-vector-tile"
        )
        if packed:
            response["Content-Encoding"] = "gzip"
        return response

    response = _cached(request, found, f"{z}-{x}-{y}", answer)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@public
@require_safe
def geojson(request: HttpRequest, layer: str) -> HttpResponse:
    """A layer as GeoJSON; ``?codes=a,b`` for some features, ``?bbox=west,south,east,north`` for those in a box.

    Raises: LayerNotFound, LayerDrawnElsewhere, BadBox.
    """
    actor = actor_of(request)
    found = queries.layer(layer, actor=actor)
    refuse_drawn(found)
    codes = sorted({code for code in request.GET.get("codes", "").split(",") if code and "\x00" not in code}) or None
    box = _box(request.GET.get("bbox", ""))

    def answer() -> HttpResponse:
        body = queries.geojson(layer, actor=actor, codes=codes, box=box)
        return JsonResponse(body, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False})

    # The head of a layer (title, note) is part of the answer and can change without a new version.
    asked = content_digest([codes, box, found.title, found.note, found.source, found.crs_note])
    return _cached(request, found, asked[:16], answer)


def _cached(request: HttpRequest, layer: Layer, what: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer under an ETag of layer, version and content; made only when the browser does not have it."""
    etag = f'"{layer.slug}-{layer.version}-{layer.digest[:12]}-{what}"'
    response = get_conditional_response(request, etag=etag) or answer()
    response["ETag"] = etag
    reach = "public" if layer.public else "private"
    response["Cache-Control"] = f"{reach}, max-age={KEEP_SECONDS}, must-revalidate"
    if not layer.public:
        patch_vary_headers(response, ["Cookie", "Authorization"])
    return response


def _box(text: str) -> Box | None:
    if not text:
        return None
    try:
        box = Box(*map(float, text.split(",")))
    except (ValueError, TypeError):
        raise BadBox(text=text[:80]) from None
    if not (-180 <= box.west <= box.east <= 180 and -90 <= box.south <= box.north <= 90):
        raise BadBox(text=text[:80])
    return box
