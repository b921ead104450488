"""Makes every reference file anew, in one command; needs Python 3.10 to 3.13 and nothing else.

    python3 reference/make.py            write reference/data, then open what is in reference/ours
    python3 reference/make.py --check    write them elsewhere, and compare with the committed ones
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import venv

FOLDER = pathlib.Path(__file__).parent
VENV = FOLDER / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

# In this order: the PyTorch weights are checked against what Keras computed.
SCRIPTS = (
    "philox.py",
    "essay.py",
    "training.py",
    "layers.py",
    "initializers.py",
    "modules.py",
    "weights_keras.py",
    "weights_pytorch.py",
    "optimizers.py",
    "one_cycle.py",
    "safetensors_files.py",
    "examples.py",
    "open_ours.py",
)


def install() -> None:
    """Makes the virtual environment, unless it has what requirements.txt names."""
    requirements = FOLDER / "requirements.txt"
    marker = VENV / "installed.txt"
    if marker.exists() and marker.read_text() == requirements.read_text():
        return
    print("Installing TensorFlow, Keras and PyTorch (once) ...", flush=True)
    venv.create(VENV, with_pip=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", requirements], check=True)
    marker.write_text(requirements.read_text())


def run(script: str, *arguments: str, data: pathlib.Path) -> None:
    print(f"{script} ...", flush=True)
    environment = {**os.environ, "REFERENCE_DATA": str(data), "GLOG_minloglevel": "3"}
    command = [PYTHON, FOLDER / script, *arguments]
    subprocess.run(command, check=True, cwd=FOLDER, env=environment)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    install()
    with tempfile.TemporaryDirectory() as temporary:
        data = pathlib.Path(temporary) if check else FOLDER / "data"
        for script in SCRIPTS:
            run(script, data=data)
        if check:
            run("compare.py", str(FOLDER / "data"), data=data)


if __name__ == "__main__":
    sys.exit(main())
