"""How PyInstaller collects PyTorch; stands in for the hook that comes with it.

That one imports every module of PyTorch to list them, which takes minutes and brings its own
tests, exporters and benchmarks along. What the program imports, also inside functions, is found
without it.
"""

from PyInstaller.utils.hooks import PY_DYLIB_PATTERNS, collect_data_files, collect_dynamic_libs

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

hiddenimports = ["torch.backends", "torch.optim", *SOURCES_WANTED]
excludedimports = ["torch.utils.tensorboard"]
binaries = collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"])
datas = collect_data_files("torch", includes=["bin/torch_shm_manager*"])
