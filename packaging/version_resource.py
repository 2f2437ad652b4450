"""The version resource of the Windows executables."""

TEMPLATE = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004,
                    fileType=0x1, subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('CompanyName', 'heteroagg'),
      StringStruct('FileDescription', '{description}'),
      StringStruct('FileVersion', '{version}'),
      StringStruct('InternalName', '{name}'),
      StringStruct('LegalCopyright', 'GPL-3.0-or-later'),
      StringStruct('OriginalFilename', '{name}.exe'),
      StringStruct('ProductName', 'Heteroagg'),
      StringStruct('ProductVersion', '{version}')])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])])
  ]
)
"""
DESCRIPTIONS = {"heteroagg-gui": "Heteroagg", "heteroagg": "Heteroagg command line"}


def version_numbers(version: str) -> tuple[int, int, int, int]:
    """Return a version as the four numbers Windows wants; what is no number counts as 0."""
    parts = [int(part) if part.isdigit() else 0 for part in version.split(".")[:4]]
    first, second, third, fourth = (*parts, 0, 0, 0, 0)[:4]
    return first, second, third, fourth


def version_resource(name: str, version: str) -> str:
    """Return the resource of the executable ``name`` as PyInstaller reads it."""
    return TEMPLATE.format(
        name=name,
        version=version,
        numbers=version_numbers(version),
        description=DESCRIPTIONS[name],
    )
