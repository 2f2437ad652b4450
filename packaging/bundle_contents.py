"""What goes into the bundle and what stays out, each with its reason."""

from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PureWindowsPath


@dataclass(frozen=True)
class LeftOut:
    """Files that packages bring and the program never opens.

    Parameters
    ----------
    patterns
        Names inside the bundle's folder, with ``*`` for anything.
    reason
        Why the program can do without.
    """

    patterns: tuple[str, ...]
    reason: str


# Packages whose versions are written into training data and told by the doctor.
NAMED_PACKAGES = (
    "PyOpenGL",
    "PySide6-Essentials",
    "joblib",
    "ncempy",
    "numba",
    "numpy",
    "pillow",
    "platformdirs",
    "psygnal",
    "pyqtgraph",
    "safetensors",
    "scipy",
    "tifffile",
    "torch",
    "vispy",
)

# Modules that other packages would import if they were there, and that are not needed.
UNUSED_MODULES = (
    "IPython",
    "PyQt5",
    "PyQt6",
    "PySide2",
    "PySide6.QtDesigner",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "_pytest",
    "abtem",
    "ase",
    "dask",
    "distributed",
    "hatchling",
    "hypothesis",
    "importlinter",
    "matplotlib.tests",
    "markdown_it",
    "mypy",
    "mypyc",
    "notebook",
    "numba.cuda.tests",
    "numba.tests",
    "pip",
    "pytest",
    "pygments",
    "pytestqt",
    "readline",
    "rich",
    "ruff",
    "sqlite3",
    "tkinter",
    "toolz",
    "torch.utils.tensorboard",
    "tornado",
    "trimesh",
    "xdist",
)

# Modules that are imported by a name made at run time.
HIDDEN_MODULES = (
    "OpenGL.arrays.ctypesarrays",
    "OpenGL.arrays.ctypesparameters",
    "OpenGL.arrays.ctypespointers",
    "OpenGL.arrays.lists",
    "OpenGL.arrays.nones",
    "OpenGL.arrays.numbers",
    "OpenGL.arrays.numpymodule",
    "OpenGL.arrays.strings",
    "OpenGL.platform.darwin",
    "OpenGL.platform.egl",
    "OpenGL.platform.glx",
    "OpenGL.platform.win32",
    "joblib.externals.loky.backend.popen_loky_posix",
    "joblib.externals.loky.backend.resource_tracker",
    "vispy.app.backends._pyside6",
    "vispy.gloo.gl._pyopengl2",
    "vispy.gloo.gl.gl2",
    "vispy.gloo.gl.glplus",
    "vispy.gloo.gl.pyopengl2",
)

LEFT_OUT = (
    LeftOut(
        (
            "torch/include/*",
            "torch/share/*",
            "torch/test/*",
            "torch/lib/*.a",
            "torch/lib/*_test.so",
            "torch/lib/libbackend_with_compiler.so",
            "torch/lib/libaoti_custom_ops.so",
        ),
        "for building extensions of PyTorch and for its own tests",
    ),
    LeftOut(
        ("torch/bin/*",),
        "PyTorch's test programs; torch_shm_manager stays, data loaders start it",
    ),
    LeftOut(
        (
            "hdf5plugin/plugins/*h5sz.*",
            "hdf5plugin/plugins/*h5sz3.*",
            "hdf5plugin/plugins/*h5sperr.*",
            "hdf5plugin/plugins/*h5fcidecomp.*",
            "hdf5plugin/plugins/*h5htj2k.*",
            "hdf5plugin/plugins/*h5zfp.*",
            "hdf5plugin/plugins/*h5blosc2.*",
        ),
        "HDF5 filters that lose information, serve weather satellites or are too new for any "
        "microscope; these write gzip, bitshuffle, Blosc, LZ4 and Zstandard, which stay",
    ),
    LeftOut(
        (
            "PySide6/Qt/translations/*",
            "PySide6/translations/*",
            "PySide6/Qt/qml/*",
            "PySide6/qml/*",
            "PySide6/Qt*/plugins/sqldrivers/*",
            "PySide6/plugins/sqldrivers/*",
            "PySide6/Qt*/plugins/qmltooling/*",
            "PySide6/Qt*/plugins/generic/*",
            "PySide6/Qt*/plugins/networkinformation/*",
            "PySide6/Qt*/plugins/tls/*",
            "PySide6/Qt*/plugins/platformthemes/libqgtk3*",
            "PySide6/Qt*/plugins/platforms/libqeglfs*",
            "PySide6/Qt*/plugins/platforms/libqlinuxfb*",
            "PySide6/Qt*/plugins/platforms/libqvkkhr*",
            "PySide6/Qt*/plugins/platforms/libqvnc*",
            "PySide6/Qt*/plugins/platforms/libqminimal*",
            "PySide6/Qt*/plugins/egldeviceintegrations/*",
            "PySide6/Qt*/plugins/platforminputcontexts/libqtvirtualkeyboard*",
            "PySide6/Qt*/plugins/imageformats/*qpdf*",
            "PySide6/Qt*/plugins/imageformats/*qwebp*",
            "PySide6/Qt*/plugins/imageformats/*qtiff*",
            "PySide6/Qt*/lib/libQt6Qml*",
            "PySide6/Qt*/lib/libQt6Quick*",
            "PySide6/Qt*/lib/libQt6VirtualKeyboard*",
            "PySide6/Qt*/lib/libQt6Pdf*",
            "PySide6/Qt*/lib/libQt6EglF*",
            "PySide6/Qt6Qml*.dll",
            "PySide6/Qt6Quick*.dll",
            "PySide6/Qt6Pdf.dll",
            "PySide6/Qt6VirtualKeyboard.dll",
        ),
        "Qt's translations, QML, and plugins for databases, encrypted connections, embedded "
        "screens, on-screen keyboards and GTK's colours, which would bring GTK along",
    ),
    LeftOut(
        (
            "libQt6EglFs*",
            "libatk-*",
            "libcairo*",
            "libdatrie.*",
            "libfribidi.*",
            "libgdk_pixbuf-*",
            "libgio-*",
            "libgobject-*",
            "libgmodule-*",
            "libgraphite2.*",
            "libharfbuzz.*",
            "libpango*",
            "libpixman-*",
            "libthai.*",
        ),
        "libraries of the system that only those plugins of Qt need",
    ),
    LeftOut(
        (
            "PIL/_avif*",
            "pillow.libs/libavif*",
            "PIL/_webp*",
            "pillow.libs/libwebp*",
            "pillow.libs/libsharpyuv*",
            "yaml/_yaml*",
            "scipy/io/_fast_matrix_market/_fmm_core*",
        ),
        "AVIF and WebP pictures, matrices of Matrix Market, and the fast reader of YAML, which "
        "nothing reads",
    ),
    LeftOut(
        ("models/paper/*",),
        "the paper's networks: 19 MB for comparisons on the command line, not for predictions",
    ),
    LeftOut(
        ("numba/np/ufunc/tbbpool*", "numba/np/ufunc/omppool*"),
        "thread pools of Numba for parallel kernels, of which the program has none",
    ),
    LeftOut(
        (
            "matplotlib/mpl-data/sample_data/*",
            "matplotlib/mpl-data/images/*",
            "matplotlib/mpl-data/fonts/*",
            "sklearn/datasets/*/*",
            "*.dist-info/RECORD",
            "*.dist-info/sboms/*",
            "*.pyx",
            "*.pxd",
            "*/tests/*",
            "vispy/util/fonts/data/*.md",
        ),
        "test data of packages, lists of their files and parts, sources of compiled modules, and "
        "what reports do not need of Matplotlib",
    ),
)
STAYS = (
    "torch/bin/torch_shm_manager*",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSans*.ttf",
)


def is_left_out(name: str) -> bool:
    """Return whether a file stays out of the bundle.

    Parameters
    ----------
    name
        Its path inside the bundle's folder, with any system's separators.
    """
    plain = PureWindowsPath(name).as_posix()
    if any(fnmatch(plain, pattern) for pattern in STAYS):
        return False
    return any(fnmatch(plain, pattern) for group in LEFT_OUT for pattern in group.patterns)
