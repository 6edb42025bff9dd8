"""The Python tANS (tANS_py, github.com/adamrt27/ANS_py) over Transom's golden model: the same calls, the same bits.

What its users call, from one module: encode, decode and encode_decode_test of its module tANS, its class Coder, and
rescale_list_to_power_of_2. The streams are its own, bit for bit (model/foreign/tans_py.hpp says what the format is).
docs/from-tans-py.md lists what differs: a numpy array is counted value by value, where the original counts each element
as a symbol; the bits come as Bits, a sequence of 0 and 1 that is stored eight to a byte; what the original codes
wrongly, or never returns from, is a ValueError.
"""
# SPDX-License-Identifier: Apache-2.0

from transom.tans_py import messages as tANS  # noqa: N812 - the original's name
from transom.tans_py.bits import Bits
from transom.tans_py.coder import Coder, rescale_list_to_power_of_2
from transom.tans_py.messages import decode, encode, encode_decode_test

__all__ = ["Bits", "Coder", "decode", "encode", "encode_decode_test", "rescale_list_to_power_of_2", "tANS"]
