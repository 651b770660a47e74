"""The API of the register."""

from ninja import Router

from .applications import router as applications
from .appointments import router as appointments
from .book import router as book
from .exchange import router as exchange
from .rolls import router as rolls
from .surveys import router as surveys

router = Router()
for one in (applications, appointments, book, exchange, rolls, surveys):
    router.add_router("", one)

__all__ = ["router"]
