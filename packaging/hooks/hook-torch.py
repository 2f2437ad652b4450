"""How PyInstaller collects PyTorch; stands in for the hook that comes with it.

That one imports every module of PyTorch to list them, which takes minutes and brings its own
tests, exporters and benchmarks along. What the program imports, also inside functions, is found
without it.
"""

from pathlib import Path

from PyInstaller.utils.hooks import (
    PY_DYLIB_PATTERNS,
    collect_data_files,
    collect_dynamic_libs,
    get_package_paths,
)

# These read their own source when they are imported.
SOURCES_WANTED = (
    "torch._dynamo.config",
    "torch._export.config",
    "torch._functorch.config",
    "torch._inductor.config",
    "torch._inductor.config_comms",
    "torch.compiler.config",
    "torch.distributed.config",
    "torch.functional",
    "torch.fx.experimental._config",
    "torch.nn.functional",
    "torch.nn.modules.rnn",
    "torch.utils.serialization.config",
)
module_collection_mode = {"torch": "pyz", **dict.fromkeys(SOURCES_WANTED, "pyz+py")}
warn_on_missing_hiddenimports = False
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]

# Imported by names that are put together at run time, when an optimiser is made.
POLYFILLS = "torch._dynamo.polyfills"
folder = Path(get_package_paths("torch")[1], "_dynamo", "polyfills")
polyfills = [f"{POLYFILLS}.{path.stem}" for path in folder.glob("*.py") if path.stem != "__init__"]
hiddenimports = ["torch.backends", "torch.optim", POLYFILLS, *polyfills, *SOURCES_WANTED]
excludedimports = ["torch.utils.tensorboard"]
binaries = collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"])
datas = collect_data_files("torch", includes=["bin/torch_shm_manager*"])
