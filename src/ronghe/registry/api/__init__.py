"""The API of the register."""

from ninja import Router

from .exchange import router as exchange

router = Router(tags=["产权登记"])
router.add_router("", exchange)
