"""A file of features as arrays, read by ``child`` in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np
import shapely

from ronghe.kernel.files.kinds import FileKind

from ..checking import BLOCK, Block
from ..errors import FileBreaks, FileHasNoFeatures, FileTakesTooMuch, FileTooManyFeatures, ShapefileIncomplete
from .limits import CPU_SECONDS, MOST_FEATURES, MOST_FIELDS, MOST_POINTS, UNPACKED_BYTES
from .pieces import Pieces, as_objects

#: What may be given.
KINDS: Final = frozenset({FileKind.GEOJSON, FileKind.GPKG, FileKind.SHAPE_ZIP, FileKind.DXF})
_DRIVERS: Final = frozenset({"GeoJSON", "GPKG", "ESRI Shapefile", "DXF"})
_SHAPE_PARTS: Final = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_CHILD: Final = "ronghe.kernel.spatial.reading.child"
#: A point of two coordinates in WKB.
_POINT_BYTES: Final = 16
_OUT_OF_TIME: Final = (-24, -9)  # SIGXCPU, SIGKILL


@dataclass(frozen=True, slots=True)
class Read:
    """读到的文件: its parts (several: ``part`` is empty, and nothing is read until one is chosen), what it says of its
    coordinates, its fields, and its outlines and rows on the disk."""

    parts: Sequence[str]
    part: str = ""
    crs: str = ""
    encoding: str = ""
    fields: Sequence[str] = ()
    kinds: Sequence[str] = ()
    outlines: Pieces = field(default_factory=Pieces)
    rows: Pieces = field(default_factory=Pieces)

    @property
    def number(self) -> int:
        """How many features."""
        return len(self.outlines)

    def block(self, start: int, stop: int) -> Block:
        """Geometries as they stand; ``None`` where there is none or it cannot be parsed."""
        return _parsed(self.outlines.take(range(start, min(stop, self.number))))

    def blocks(self) -> Iterator[Block]:
        """All of them, so many at a time."""
        return (self.block(start, start + BLOCK) for start in range(0, self.number, BLOCK))

    def row(self, number: int) -> Sequence[Any]:
        """What is said of a feature, in the order of ``fields``."""
        told: list[Any] = json.loads(self.rows[number])
        return told

    def columns(self) -> list[Sequence[Any]]:
        """All rows as columns: as much memory as they take."""
        return list(zip(*map(self.row, range(len(self.rows))), strict=True)) or [() for _ in self.fields]


def read(content: Iterable[bytes], *, kind: FileKind, name: str, part: str = "", encoding: str = "") -> Read:
    """Open a file of features.

    Args: ``content`` piece by piece; ``part`` of several layers; ``encoding`` of the texts of a Shapefile, by default as
    it says itself, else GBK.
    Raises: FileBreaks, FileHasNoFeatures, FileTakesTooMuch, FileTooManyFeatures, ShapefileIncomplete.
    """
    with tempfile.TemporaryDirectory(prefix="ronghe-spatial-") as folder:
        place = Path(folder)
        file = _laid_out(content, kind, name, place)
        if kind is FileKind.SHAPE_ZIP and not encoding:
            encoding = _encoding(file)
        told = _run(place, file.name, part, encoding, name)
        if not told.get("part"):
            return Read(told["parts"])
        outlines, rows = Pieces.of(place, "outlines"), Pieces.of(place, "rows")
    if outlines.size > MOST_POINTS * _POINT_BYTES:
        raise FileTakesTooMuch(name=name, why=f"坐标点超过 {MOST_POINTS:,} 个")
    if not len(outlines):
        raise FileHasNoFeatures(name=name)
    return Read(
        told["parts"], told["part"], told["crs"] or "", told["encoding"] or "", told["fields"], told["kinds"], outlines,
        rows,
    )  # fmt: skip


def read_dbf(content: bytes, *, name: str, label: bytes = b"") -> tuple[list[str], list[Sequence[Any]]]:
    """A table of dBASE without outlines: its fields, and its columns.

    Args: ``label`` is the file beside it that names its encoding (``.cpg``); without one it is found as that of a Shapefile.
    Raises: FileBreaks, FileTakesTooMuch, FileTooManyFeatures.
    """
    with tempfile.TemporaryDirectory(prefix="ronghe-spatial-") as folder:
        place = Path(folder)
        file = place / "given.dbf"
        file.write_bytes(content)
        if label:
            file.with_suffix(".cpg").write_bytes(label[:40])
        told = _run(place, file.name, "", _encoding(file), name)
        rows = Pieces.of(place, "rows")
    read_rows = Read(told["parts"], told["part"], "", "", told["fields"], told["kinds"], rows=rows)
    return list(read_rows.fields), read_rows.columns()


def _laid_out(content: Iterable[bytes], kind: FileKind, name: str, place: Path) -> Path:
    file = place / f"given.{kind.suffixes[0]}"
    with file.open("wb") as out:
        out.writelines(content)
    return _unpacked(file, name, place) if kind is FileKind.SHAPE_ZIP else file


def _unpacked(packed: Path, name: str, place: Path) -> Path:
    """The parts of the one Shapefile of an archive, under a name of ours: no path of the archive is used.

    Raises: FileTakesTooMuch, ShapefileIncomplete, FileBreaks.
    """
    with zipfile.ZipFile(packed) as archive:
        by_stem: dict[str, dict[str, zipfile.ZipInfo]] = {}
        for member in archive.infolist():
            path = PurePosixPath(member.filename.replace("\\", "/"))
            if path.suffix.lower() in _SHAPE_PARTS and not path.name.startswith("._"):
                by_stem.setdefault(str(path.with_suffix("")).lower(), {})[path.suffix.lower()] = member
        stems = [stem for stem, parts in by_stem.items() if ".shp" in parts]
        if len(stems) != 1:
            raise ShapefileIncomplete(name=name, why=f"压缩包里有 {len(stems)} 个 .shp 文件，应当正好有一个")
        parts = by_stem[stems[0]]
        missing = [suffix for suffix in (".shx", ".dbf") if suffix not in parts]
        if missing:
            raise ShapefileIncomplete(name=name, why=f"缺少同名的 {'、'.join(missing)} 文件")
        left = UNPACKED_BYTES
        for suffix, member in parts.items():
            try:
                with archive.open(member) as inside, (place / f"given{suffix}").open("wb") as out:
                    while piece := inside.read(1 << 20):
                        left -= len(piece)
                        if left < 0:
                            raise FileTakesTooMuch(name=name, why="解压后过大")
                        out.write(piece)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
                raise FileBreaks(name=name) from error
    return place / "given.shp"


def _encoding(file: Path) -> str:
    """As ``.cpg`` or the table's own mark says; without either, Chinese programs have written GBK."""
    label = file.with_suffix(".cpg")
    if label.exists() and label.read_bytes()[:20].strip():
        return ""
    with file.with_suffix(".dbf").open("rb") as table:
        head = table.read(32)
        rest = table.read(4 << 20)
    mark = head[29] if len(head) == 32 else 0
    try:
        rest[: rest.rfind(b" ")].decode("utf-8")
    except UnicodeDecodeError:
        return "GBK"
    return "UTF-8" if mark in (0, 0x4D) else ""


def _run(place: Path, file: str, part: str, encoding: str, name: str) -> dict[str, Any]:
    try:
        # -P: the working directory must not supply modules.
        child = subprocess.run(
            [sys.executable, "-P", "-m", _CHILD, file, part, encoding],
            cwd=place,
            env=_environment(),
            capture_output=True,
            timeout=2 * CPU_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileTakesTooMuch(name=name, why="读取时间过长") from error
    try:
        told: dict[str, Any] = json.loads((place / "told.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        if child.returncode in _OUT_OF_TIME:
            raise FileTakesTooMuch(name=name, why="读取时间过长") from error
        raise FileBreaks(name=name) from error
    match told.get("error"):
        case None:
            return told
        case "memory":
            raise FileTakesTooMuch(name=name, why="占用内存过多")
        case "too_many":
            raise FileTooManyFeatures(name=name, number=told["features"], most=MOST_FEATURES)
        case "too_wide":
            raise FileTakesTooMuch(name=name, why=f"属性字段超过 {MOST_FIELDS} 个")
        case "empty":
            raise FileHasNoFeatures(name=name)
        case _:
            raise FileBreaks(name=name)


def _environment() -> dict[str, str]:
    """Nothing of ours but where Python finds its modules: no keys, no address of the database."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG", "LC_ALL") if name in os.environ}
    return kept | {
        "GDAL_SKIP": ",".join(_other_drivers()),
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "GDAL_HTTP_TIMEOUT": "1",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
        "OGR_GEOJSON_MAX_OBJ_SIZE": "200",
        "DXF_ENCODING": "CP936",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONUTF8": "1",
    }


@lru_cache(maxsize=1)
def _other_drivers() -> tuple[str, ...]:
    import pyogrio

    return tuple(sorted(set(pyogrio.list_drivers()) - _DRIVERS))


def _parsed(pieces: Sequence[bytes]) -> Block:
    """Geometries; which could not be parsed; which had rings that were not closed, and are now."""
    given = as_objects(pieces)
    present = np.array([one is not None for one in given], dtype=bool)
    strict = shapely.from_wkb(given, on_invalid="ignore")
    odd = present & shapely.is_missing(strict)
    mended = shapely.from_wkb(given[odd], on_invalid="fix")
    strict[odd] = mended
    broken, unclosed = odd.copy(), odd.copy()
    broken[odd], unclosed[odd] = shapely.is_missing(mended), ~shapely.is_missing(mended)
    return Block(strict, broken, unclosed)
