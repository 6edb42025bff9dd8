"""words_bench.py — somebody else's decoder (../other_decoder/ans_dec.sv) under cocotb: bytes in, values out.

run.py builds it and starts this; TSM names the container. Copy it for yours: `load` and the names of the ports are all
that knows this decoder.
"""
# SPDX-License-Identifier: Apache-2.0

import os
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge
from image import stream_values
from scoreboard import CLOCK_NS, Scoreboard, pauses

import transom
from transom.container import read_container

TABLE, SYMBOL, ROW, LENGTHS = range(4)  # of cfg_sel
PATIENCE = 2_000  # clocks without a value or an end, until the decoder is taken to hang


class Port(NamedTuple):
    """Of words, with a handshake."""

    clock: Any
    data: Any
    valid: Any
    ready: Any


async def feed(port: Port, words: Iterable[int], pause: Iterator[bool]) -> None:
    """Drives a port: each word stays until it is taken."""
    for word in words:
        while next(pause):
            port.valid.value = 0
            await RisingEdge(port.clock)
        port.data.value = word
        port.valid.value = 1
        await RisingEdge(port.clock)
        while port.ready.value != 1:
            await RisingEdge(port.clock)
    port.valid.value = 0


def to_bytes(words: Iterable[int]) -> bytes:
    """The first bit of a stream is bit 0 of its first byte."""
    return b"".join(int(word).to_bytes(4, "little") for word in words)


async def load(dut: Any, code: transom.Code, n_values: int) -> None:
    """Reset, the table in this decoder's layout, and its start."""

    async def write(select: int, address: int, data: int) -> None:
        dut.cfg_sel.value, dut.cfg_addr.value, dut.cfg_data.value = select, address, data
        await RisingEdge(dut.clk)

    for port in (dut.in_vld, dut.off_vld, dut.sym_rdy, dut.cfg_we, dut.go):
        port.value = 0
    dut.rst.value = 1
    await RisingEdge(dut.clk)
    dut.rst.value = 0
    dut.cfg_we.value = 1
    for state, word in enumerate(int(word) for word in code.table):  # symbol, nbits, base from bit 0, 8, 16 on
        await write(TABLE, state, (word >> 8 & 0xF) << 12 | word >> 16)
        await write(SYMBOL, state, word & 0xFF)
    for symbol, row in enumerate(code.rows):
        await write(ROW, symbol, row.offset_bits << 16 | row.vmin)
    await write(LENGTHS, 0, code.table_log)
    await write(LENGTHS, 1, n_values)
    dut.cfg_we.value = 0
    dut.go.value = 1
    await RisingEdge(dut.clk)
    dut.go.value = 0


async def decode(dut: Any, seed: int | None) -> None:
    """Each stream of each tensor by itself."""
    tensors = list(read_container(os.environ["TSM"]))
    scoreboard = Scoreboard(tensors)
    symbols = Port(dut.clk, dut.in_data, dut.in_vld, dut.in_rdy)
    offsets = Port(dut.clk, dut.off_data, dut.off_vld, dut.off_rdy)
    pause = [pauses(None if seed is None else seed + number) for number in range(3)]
    cocotb.start_soon(Clock(dut.clk, CLOCK_NS, "ns").start())
    cycle = 0
    for number, tensor in enumerate(tensors):
        for stream, (words, n_values) in enumerate(zip(tensor.streams, stream_values(tensor), strict=True)):
            await load(dut, tensor.code, n_values)
            drivers = [
                cocotb.start_soon(feed(symbols, to_bytes(words.symbols), pause[0])),
                cocotb.start_soon(feed(offsets, to_bytes(words.offsets), pause[1])),
            ]
            idle = 0
            while dut.done.value != 1 and idle < PATIENCE:
                dut.sym_rdy.value = not next(pause[2])
                await RisingEdge(dut.clk)
                cycle += 1
                idle += 1
                if dut.sym_vld.value == 1 and dut.sym_rdy.value == 1:
                    scoreboard.value(number, stream, int(dut.sym_data.value), cycle)
                    idle = 0
                    if scoreboard.enough:
                        scoreboard.check()
            for driver in drivers:  # what a decoder leaves lying is taken back
                driver.cancel()
            if dut.done.value == 1:
                scoreboard.end(number, stream, dut.err.value == 0)
        scoreboard.finish(number)
        if scoreboard.wrong is not None:
            break
    compared = scoreboard.check()
    scoreboard.tell(compared)


@cocotb.test()
async def free_running(dut: Any) -> None:
    """No port pauses."""
    await decode(dut, None)


@cocotb.test()
async def under_pauses(dut: Any) -> None:
    """Every port pauses at random: COCOTB_RANDOM_SEED repeats it."""
    await decode(dut, cocotb.RANDOM_SEED)
