"""torch_ans (github.com/worldlife123/torch_ans) over Transom's golden model: its interface, its verbs, its bits.

Everything that torch_ans spreads over torch_ans.utils and torch_ans._C is here under its own name; ANSInterface is its
TorchANSInterface. Arguments are numpy arrays or PyTorch tensors, and what comes back is of the same kind; PyTorch is
imported only where a tensor comes in. CUDA tensors are copied to the host, coded there, and the result is copied back:
there is no device coder behind this interface. Rows of a stream are coded side by side on all cores, without the GIL.

A stream is an int32 array (rows, words): of each row [number of bytes][states][words in the order of encoding], as
torch_ans has it. docs/from-torch-ans.md maps each of its functions, and lists the differences.
"""
# SPDX-License-Identifier: Apache-2.0

from transom.torch.interface import ANSInterface, UnknownVariantError
from transom.torch.tables import (
    inverse_quantized_cdf,
    pmf_to_quantized_cdf_batched,
    rans_alias_build_table,
    rans_pmf_to_quantized_cdf,
)
from transom.torch.verbs import (
    VARIANTS,
    merge_bytes,
    rans32_16_alias_pop,
    rans32_16_alias_push,
    rans32_16_i4_invcdf_pop,
    rans32_16_i4_pop,
    rans32_16_i4_push,
    rans32_16_init_stream,
    rans32_16_invcdf_pop,
    rans32_16_pop,
    rans32_16_push,
    rans32_alias_pop,
    rans32_alias_push,
    rans32_i4_invcdf_pop,
    rans32_i4_pop,
    rans32_i4_push,
    rans32_init_stream,
    rans32_invcdf_pop,
    rans32_pop,
    rans32_push,
    rans64_alias_pop,
    rans64_alias_push,
    rans64_i4_invcdf_pop,
    rans64_i4_pop,
    rans64_i4_push,
    rans64_init_stream,
    rans64_invcdf_pop,
    rans64_pop,
    rans64_push,
    rans_byte_strings_to_stream,
    rans_stream_to_byte_strings,
    split_merged_bytes,
)

TorchANSInterface = ANSInterface  #: torch_ans' own name

__all__ = [
    "VARIANTS",
    "ANSInterface",
    "TorchANSInterface",
    "UnknownVariantError",
    "inverse_quantized_cdf",
    "merge_bytes",
    "pmf_to_quantized_cdf_batched",
    "rans32_16_alias_pop",
    "rans32_16_alias_push",
    "rans32_16_i4_invcdf_pop",
    "rans32_16_i4_pop",
    "rans32_16_i4_push",
    "rans32_16_init_stream",
    "rans32_16_invcdf_pop",
    "rans32_16_pop",
    "rans32_16_push",
    "rans32_alias_pop",
    "rans32_alias_push",
    "rans32_i4_invcdf_pop",
    "rans32_i4_pop",
    "rans32_i4_push",
    "rans32_init_stream",
    "rans32_invcdf_pop",
    "rans32_pop",
    "rans32_push",
    "rans64_alias_pop",
    "rans64_alias_push",
    "rans64_i4_invcdf_pop",
    "rans64_i4_pop",
    "rans64_i4_push",
    "rans64_init_stream",
    "rans64_invcdf_pop",
    "rans64_pop",
    "rans64_push",
    "rans_alias_build_table",
    "rans_byte_strings_to_stream",
    "rans_pmf_to_quantized_cdf",
    "rans_stream_to_byte_strings",
    "split_merged_bytes",
]
