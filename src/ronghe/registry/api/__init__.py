"""The API of the register."""

from ninja import Router

from .applications import router as applications
from .book import router as book
from .exchange import router as exchange
from .income import router as income
from .rolls import router as rolls
from .surveys import router as surveys

router = Router()
for one in (applications, book, exchange, income, rolls, surveys):
    router.add_router("", one)

__all__ = ["router"]
