"""Finding a part of a text by an index of core PostgreSQL: a column of the text's pairs of characters (GIN on text[]).

The extension for it (pg_trgm) is not on every server that a county has, and pairs suit Chinese better than triples.
"""

from django.db.models import Q


def grams(*texts: str) -> list[str]:
    """Every pair of neighbouring characters, in lower case, each once."""
    return sorted({text[i : i + 2] for one in texts for text in one.lower().split() for i in range(len(text) - 1)})


def holds(text: str, *, column: str, of: tuple[str, ...]) -> Q:
    """Rows in one of whose texts ``text`` stands; the pairs in ``column`` find them, the texts in ``of`` confirm."""
    words = Q()
    for word in text.split():
        said = Q()
        for field in of:
            said |= Q(**{f"{field}__icontains": word})
        words &= said
    pairs = grams(text)
    return Q(**{f"{column}__contains": pairs}) & words if pairs else words
