"""The process that opens a PDF: bytes on standard input, one JSON object on standard output."""

import json
import resource
import sys
from typing import Any

from ronghe.policy.reader.errors import FileBomb, UnreadableDocument
from ronghe.policy.reader.intake.limits import PDF_ADDRESS_SPACE, PDF_CPU_SECONDS


def main() -> None:
    """Read the PDF and answer with its text or with the error's name and facts."""
    resource.setrlimit(resource.RLIMIT_CPU, (PDF_CPU_SECONDS, PDF_CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_AS, (PDF_ADDRESS_SPACE, PDF_ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read())))


def _answer(data: bytes) -> dict[str, Any]:
    from ronghe.policy.reader.intake.pdf_document import read_pdf

    try:
        read = read_pdf(data)
    except UnreadableDocument as error:
        return {"error": type(error).__name__, "facts": error.facts}
    except MemoryError:
        return {"error": FileBomb.__name__, "facts": {"what": "PDF 文件", "reason": "内存占用超过上限"}}
    return {"text": read.text, "pages": read.pages, "notes": read.notes}


if __name__ == "__main__":
    main()
