"""factory.py — transom record --module PACKAGE.MODULE:FACTORY: a module of PyTorch's that a function gives."""
# SPDX-License-Identifier: Apache-2.0

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np

from transom.files import printable

from .inputs import Wanted, load
from .models import Job
from .modules import record_module
from .provenance import file_of, need
from .trace import TraceWriter


class ModuleError(Exception):
    """The factory, or the module that it gave, failed: one line that says where and how."""


def record_factory(name: str, job: Job) -> TraceWriter:
    """Records what factory `name`, looked for in the current folder too, gives: a module, or it and its inputs.

    The inputs are those of `job` where it has any. PyTorch's random numbers begin at its seed, so that random weights
    come again. Raises ModuleError, MissingPackageError, ValueError, and what record_module() raises.
    """
    torch = need("torch", "torch")
    module_name, _, factory_name = name.partition(":")
    if not module_name or not factory_name:
        raise ValueError(f"module {name!r}: write PACKAGE.MODULE:FACTORY")
    torch.manual_seed(job.inputs.seed)
    sys.path.insert(0, str(Path.cwd()))
    try:
        made = getattr(importlib.import_module(module_name), factory_name)()
    except Exception as error:  # anybody's code
        raise _failed(name, error) from error
    module, given = made if isinstance(made, tuple) else (made, None)
    if not isinstance(module, torch.nn.Module):
        raise ValueError(f"module {name!r}: gives a {type(module).__name__}, not a torch.nn.Module")
    inputs, about = _inputs(torch, given, job)
    about = {**about, "factory": name, "seed": job.inputs.seed, **job.recorder}
    try:
        return record_module(module, inputs, job.folder, job.meta, job.quantisers, about)
    except (RuntimeError, TypeError, IndexError, AttributeError, NotImplementedError) as error:  # the module's own
        raise _failed(name, error) from error


def _inputs(torch: Any, given: Any, job: Job) -> tuple[Any, dict[str, Any]]:
    """The module's arguments, and what the manifest says of where they come from."""
    if job.inputs.file is not None:
        arrays = load(job.inputs.file)
        return [torch.from_numpy(np.array(values)) for values in arrays.values()], {
            "inputs_file": file_of(job.inputs.file)
        }
    if job.inputs.shapes:
        wanted = [Wanted(f"input{i}", np.dtype(np.float32), shape) for i, shape in enumerate(job.inputs.shapes)]
        return [torch.from_numpy(values) for values in job.inputs.arrays(wanted).values()], {}
    if given is None:
        raise ValueError("module: its inputs are not known; give --inputs or --shape, or a factory that gives them too")
    return given, {}


def _failed(name: str, error: Exception) -> ModuleError:
    what = printable(str(error).strip().partition("\n")[0])
    return ModuleError(f"{name}: {type(error).__name__}: {what}; call it by hand")
