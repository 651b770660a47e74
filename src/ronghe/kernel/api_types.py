"""Types of what addresses and bodies may hold, shared by the operations of all rooms."""

import re
from datetime import date
from typing import Annotated, Any

from ninja import Field
from pydantic import BeforeValidator

#: PostgreSQL keeps no NUL character: it can stand in no text that is searched for.
WITHOUT_NUL = r"^[^\x00]*$"

#: For ``openapi_extra``: an operation that the present state may refuse.
CONFLICT = {
    "responses": {
        409: {
            "description": "Conflict",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    }
}


def file_of(*media: str) -> dict[str, Any]:
    """For ``openapi_extra``: an operation that answers with a file of one of these media types; JSON is an object."""
    binary, told = {"type": "string", "format": "binary"}, {"type": "object"}
    content = {one: {"schema": told if one.endswith("json") else binary} for one in media}
    return {"responses": {200: {"description": "OK", "content": content}}}


def _day(given: Any) -> Any:
    """Only ``2026-11-22``: pydantic would take a number for seconds since 1970."""
    if not isinstance(given, str | date) or (
        isinstance(given, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", given, re.ASCII)
    ):
        raise ValueError("日期应写成 2026-11-22 的样子")
    return given


Day = Annotated[date, BeforeValidator(_day)]
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]+$")]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
Size = Annotated[int, Field(ge=1, le=200)]
ParameterId = Annotated[str, Field(pattern=r"^[a-z0-9_.]+$", max_length=80)]
Cursor = Annotated[str | None, Field(max_length=2000, pattern=WITHOUT_NUL)]
