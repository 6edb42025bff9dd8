"""The recorder: quantisers, PyTorch's modules, files of models, the command."""
# SPDX-License-Identifier: Apache-2.0
