"""The API of the register."""

from ninja import Router

from .book import router as book

router = Router(tags=["产权登记"])
router.add_router("", book)
