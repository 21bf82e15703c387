"""Runs the quick start of the README with the installed package: one epoch of two steps.

Releases, macOS and Windows are checked with it: `python .ci/quick_start.py`, in an environment that
has nothing but the package. MNIST is downloaded unless `KERAS_GANS_DATA` names a folder with it.
"""

import os
import re
import runpy
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
os.environ |= {"KERAS_MAX_EPOCHS": "1", "KERAS_MAX_STEPS_PER_EPOCH": "2", "MPLBACKEND": "agg"}
os.chdir(tempfile.mkdtemp())  # pictures are written to the folder `samples`

code = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL).group(1)
print(code)
Path("quick_start.py").write_text(code, encoding="utf-8")
names = runpy.run_path("quick_start.py")
runpy.run_module("keras_gans", run_name="__main__")
print("installed in", names["kg"].__path__[0])
print("generated", names["images"].shape, "and wrote", *sorted(map(str, Path("samples").iterdir())))
if names["images"].shape != (16, 28, 28, 1):
    raise SystemExit("The quick start should generate 16 images of 28x28 pixels.")
