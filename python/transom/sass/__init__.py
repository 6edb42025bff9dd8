"""transom.sass — instructions per value of CUDA kernels, read from their machine code (SASS), without a GPU."""
# SPDX-License-Identifier: Apache-2.0
