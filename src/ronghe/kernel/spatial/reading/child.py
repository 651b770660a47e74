"""The process that opens a file of features: a path in, outlines and rows as ``pieces``, and ``told.json`` out.

GDAL is native code that does what a stranger's file tells it. Here it has four drivers, no network, no keys, and no more
time and memory than ``limits`` say; what it hands over is plain numbers and text.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from .limits import ADDRESS_SPACE, CPU_SECONDS, MOST_CHARACTERS, MOST_FEATURES, MOST_FIELDS, WRITTEN_BYTES
from .pieces import as_json, lay_down

#: So many features are read at a time of files that have an index; others are read whole by GDAL, and so by us.
_BLOCK, _INDEXED = 20_000, (".gpkg", ".shp", ".dbf")


def main() -> None:
    """``child FILE PART ENCODING``, in a folder of its own."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = _read(*sys.argv[1:4])
    except MemoryError:
        answer = {"error": "memory"}
    except Exception as error:  # GDAL's own words are for the log; a person is told that the file cannot be opened
        answer = {"error": "unreadable", "why": str(error)[:400]}
    Path("told.json").write_text(json.dumps(answer, ensure_ascii=False), "utf-8")


def _read(file: str, part: str, encoding: str) -> dict[str, Any]:
    import pyogrio

    parts = [str(name) for name, _ in pyogrio.list_layers(file)]
    if not parts:
        return {"error": "empty"}
    chosen = part if part in parts else ""
    if not chosen:
        if len(parts) > 1:
            return {"parts": parts}
        chosen = parts[0]
    about = pyogrio.read_info(file, layer=chosen, encoding=encoding or None, force_feature_count=True)
    if about["features"] > MOST_FEATURES:
        return {"error": "too_many", "features": int(about["features"])}
    if len(about["fields"]) > MOST_FIELDS:
        return {"error": "too_wide", "fields": len(about["fields"])}
    block = _BLOCK if file.endswith(_INDEXED) else MOST_FEATURES
    here, ends, start = Path(), {"outlines": 0, "rows": 0}, 0
    while True:
        meta, _, geometry, columns = pyogrio.raw.read(
            file, layer=chosen, encoding=encoding or None, force_2d=True, skip_features=start, max_features=block
        )
        given = [] if geometry is None else [b"" if one is None else bytes(one) for one in geometry]
        plain = [[_plain(value) for value in column.tolist()] for column in columns]
        rows = map(as_json, zip(*plain, strict=True)) if plain else [b"[]"] * len(given)
        ends["outlines"] = lay_down(here, "outlines", given, end=ends["outlines"])
        ends["rows"] = lay_down(here, "rows", rows, end=ends["rows"])
        start += block
        if start >= about["features"]:
            break
    return {
        "parts": parts,
        "part": chosen,
        "crs": _crs_of_geojson(Path(file)) if file.endswith(".geojson") else meta["crs"],
        "encoding": meta["encoding"],
        "fields": [str(name) for name in meta["fields"]],
        "kinds": ["number" if column.dtype.kind in "iuf" else "text" for column in columns],
    }


def _crs_of_geojson(file: Path) -> str:
    """The ``crs`` member of older GeoJSON; empty when there is none: RFC 7946 has no other than its own, and what GDAL
    assumes of a file that says nothing is not the file's word."""
    try:
        told = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        return ""
    member = told.get("crs") if isinstance(told, dict) else None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        return ""
    return "EPSG:4326" if name.upper().endswith("CRS84") else f"EPSG:{name.rpartition(':')[2]}"


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    return str(value).replace("\x00", "").strip()[:MOST_CHARACTERS] or None


if __name__ == "__main__":
    main()
