"""The Linux package: a tar.gz with the bundle, its menu entry and an installer without root."""

import platform
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from bundle_icons import PNG_SIZES

METAINFO = "io.github.heteroagg.heteroagg-gui.metainfo.xml"
NAME = "heteroagg-gui"
SESSION_TYPE = "application-x-heteroagg-session"
_LEVEL = 6


def package_name(version: str) -> str:
    """Return the name of the package's folder, and of its file without ``.tar.gz``."""
    return f"heteroagg-{version}-linux-{platform.machine()}"


def lay_out_icons(icons: Path, drawings: Path, share: Path) -> None:
    """Write the icons of the program and of its session files.

    Parameters
    ----------
    icons
        Folder of the PNG files.
    drawings
        Folder of the SVG files they are made from.
    share
        Folder to write to.
    """
    for name, kind, target in (
        ("heteroagg", "apps", NAME),
        ("session-file", "mimetypes", SESSION_TYPE),
    ):
        sources = {f"{size}x{size}": icons / f"{name}-{size}.png" for size in PNG_SIZES}
        for size, source in (*sources.items(), ("scalable", drawings / f"{name}.svg")):
            place = share / "icons" / "hicolor" / size / kind
            place.mkdir(parents=True)
            shutil.copyfile(source, place / f"{target}{source.suffix}")


def lay_out_share(linux: Path, icons: Path, drawings: Path, share: Path, version: str) -> None:
    """Write what belongs under ``share/``: menu entry, icons, file types, metadata.

    Parameters
    ----------
    linux
        The folder ``packaging/linux``.
    icons
        Folder of the PNG files.
    drawings
        Folder of the SVG files they are made from.
    share
        Folder to write to.
    version
        Version of the program.
    """
    lay_out_icons(icons, drawings, share)
    for folder, name in (
        ("applications", f"{NAME}.desktop"),
        ("mime/packages", "heteroagg-mime.xml"),
    ):
        (share / folder).mkdir(parents=True)
        shutil.copyfile(linux / name, share / folder / name)
    today = datetime.now(tz=UTC).date().isoformat()
    text = (linux / METAINFO).read_text(encoding="utf-8")
    text = text.replace("@VERSION@", version).replace("@DATE@", today)
    (share / "metainfo").mkdir()
    (share / "metainfo" / METAINFO).write_text(text, encoding="utf-8")


def pack(bundle: Path, made: Path, project: Path, version: str) -> Path:
    """Write the package beside the bundle and return its path.

    Parameters
    ----------
    bundle
        The finished folder with the executables.
    made
        Folder of the icons; the share folder is laid out in it.
    project
        The project's folder.
    version
        Version of the program.
    """
    linux = project / "packaging" / "linux"
    share = made / "share"
    shutil.rmtree(share, ignore_errors=True)
    drawings = project / "resources" / "icons"
    lay_out_share(linux, made, drawings, share, version)
    top = package_name(version)
    target = bundle.parent / f"{top}.tar.gz"
    part = target.with_name(f"{target.name}.part")
    with tarfile.open(part, "w:gz", compresslevel=_LEVEL) as archive:
        for source, name in (
            (bundle, "heteroagg"),
            (share, "share"),
            (linux / "install.sh", "install.sh"),
            (linux / "uninstall.sh", "uninstall.sh"),
        ):
            archive.add(source, f"{top}/{name}", filter=_owned_by_nobody)
    part.replace(target)
    return target


def _owned_by_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry
