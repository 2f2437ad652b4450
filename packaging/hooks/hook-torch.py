"""How PyInstaller collects PyTorch; stands in for the hook that comes with it.

That one imports every module of PyTorch to list them, which takes minutes and brings its own
tests, exporters and benchmarks along. What the program imports, also inside functions, is found
without it.
"""

from PyInstaller.utils.hooks import PY_DYLIB_PATTERNS, collect_data_files, collect_dynamic_libs

# TorchScript reads sources of a few modules when they are imported.
module_collection_mode = "pyz+py"
warn_on_missing_hiddenimports = False
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]

hiddenimports = ["torch.backends", "torch.optim"]
excludedimports = ["torch.testing._internal", "torch.utils.tensorboard", "torch.onnx._internal"]
binaries = collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"])
datas = collect_data_files(
    "torch",
    includes=["bin/torch_shm_manager*", "*.json", "version.py", "_inductor/**/*.jinja"],
)
