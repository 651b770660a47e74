"""What the commands of the shell share: days as people type them, answers as programs read them."""

import json
from datetime import date
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]


def day_of(text: str) -> date:
    """A day of an option. Raises: BadParameter."""
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"“{text}”不是日期，请写成 2026-11-22 的样子") from error


def json_text(found: Any) -> str:
    """An answer for programs."""
    return json.dumps(found, ensure_ascii=False, indent=1)
