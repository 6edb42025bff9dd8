"""axi_bench.py — decoder_axi under cocotb: memory, registers, consumer are cocotbext-axi's, the scoreboard Transom's.

run.py builds the unit and starts this; TSM names the container. STEPS: steps are told, too.
"""
# SPDX-License-Identifier: Apache-2.0

import logging
import os
from collections.abc import Awaitable
from typing import Any, TypeVar

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, RisingEdge, with_timeout
from cocotbext.axi import AxiLiteBus, AxiLiteMaster, AxiRamRead, AxiReadBus, AxiStreamBus, AxiStreamSink
from image import Image, Unit, is_raw, make_image, n_streams, stream_of, stream_values
from scoreboard import CLOCK_NS, Scoreboard, pauses

from transom.container import Container, read_container
from transom.spec import LANE_KINDS, NRANS_BLOCK_LOG, RETIRE_BITS, STATUSES, SYMBOL_BITS

ID, CONTROL, STATUS, IRQ_ENABLE, DESCRIPTORS, N_DESCRIPTORS, ERROR_DESCRIPTOR, ERROR_STREAM, VALUES = (
    0x00, 0x08, 0x0C, 0x10, 0x18, 0x20, 0x24, 0x28, 0x48
)  # fmt: skip
NO_STREAM = 1 << 31
VALUE_BITS = 16
TAKE = 31  # of a retired step: five bits behind its symbol
DONE_CLOCKS = 2  # from a job's last value, with which the next job's first step may come, to its end
MEMORY_BYTES = 1 << 62
BASE = 0x3EDC_BA98_7654_3214  # of the image: high, and a multiple of 4 alone
REGISTER_CLOCKS = 1000  # until an access that hangs is given up
PATIENCE = 20_000  # clocks without a value or the interrupt, until the unit is taken to hang
T = TypeVar("T")


async def within(access: Awaitable[T]) -> T:
    """An access of a register; SimTimeoutError where it hangs."""
    result: T = await with_timeout(access, REGISTER_CLOCKS * CLOCK_NS, "ns")
    return result


class Steps:
    """The steps, which decoder_axi does not show: read at the retire port of the unit within it."""

    def __init__(self, inside: Any, scoreboard: Scoreboard, unit: Unit) -> None:
        self.inside, self.scoreboard, self.unit = inside, scoreboard, unit
        self.state_bits = len(inside.retire_state) // unit.n_streams
        tensors = list(enumerate(scoreboard.tensors))
        self.jobs = [[i for i, tensor in tensors if stream < n_streams(tensor)] for stream in range(unit.n_streams)]
        self.positions: list[int | None] = [None] * unit.n_streams  # bits of symbols read; None: not begun
        self.waiting: list[tuple[int, int, int, int]] = []  # clock, stream, what is retired, state
        self.now = 0

    def clock(self) -> bool:
        """Whether there was a step."""
        self.now += 1
        valid, done = int(self.inside.retire_valid.value), int(self.inside.done.value)
        if valid:
            retire, state = int(self.inside.retire.value), int(self.inside.retire_state.value)
            for stream in self._those(valid):
                step = retire >> RETIRE_BITS * stream, state >> self.state_bits * stream
                self.waiting.append((self.now, stream, *step))
        if self.waiting:
            self.tell(self.now - DONE_CLOCKS)
        for stream in self._those(done):
            self.jobs[stream] = self.jobs[stream][1:]
            self.positions[stream] = None
        return valid != 0

    def tell(self, clock: int) -> None:
        """The steps of clocks before this one."""
        for at, stream, retire, state in [step for step in self.waiting if step[0] < clock]:
            if self.jobs[stream]:
                self._tell(self.jobs[stream][0], stream, retire, state)
            self.waiting.remove((at, stream, retire, state))

    def _tell(self, number: int, stream: int, retire: int, state: int) -> None:
        tensor, position = self.scoreboard.tensors[number], self.positions[stream]
        if position is None:
            block = NRANS_BLOCK_LOG if self.unit.kind == "nrans" else 0
            position = {"rans": 32, "arith": 16}.get(self.unit.kind, tensor.code.table_log + block)
        self.positions[stream] = position = position + (retire >> SYMBOL_BITS & TAKE)
        if not is_raw(tensor):
            symbol, state = retire & ((1 << SYMBOL_BITS) - 1), state & ((1 << self.state_bits) - 1)
            self.scoreboard.step(number, stream, symbol, state, position)

    def _those(self, flags: int) -> list[int]:
        return [stream for stream in range(self.unit.n_streams) if flags >> stream & 1]


class Monitor:
    """What leaves on m_axis, beat by beat, told to the scoreboard; and whether the bus's rules are kept."""

    def __init__(self, dut: Any, container: Container, unit: Unit) -> None:
        self.dut, self.unit, self.tensors = dut, unit, list(container)
        self.scoreboard = Scoreboard(self.tensors)
        self.steps = Steps(dut.u_decoder, self.scoreboard, unit) if os.environ.get("STEPS") else None
        self.number = 0  # of the tensor whose values come
        self.why = "done"  # it ended
        self._first_beat()

    def _first_beat(self) -> None:
        self.half = 0  # of the streams, where a lane has two
        self.n_values = 0
        self.left = [0] * self.unit.n_streams
        if self.number < len(self.tensors):
            counts = stream_values(self.tensors[self.number])
            self.left[: len(counts)] = counts

    async def run(self) -> None:
        """Until the interrupt, until the first difference can be explained, or until nothing comes any more."""
        dut, idle, cycle = self.dut, 0, 0
        waits: tuple[int, int, int] | None = None  # a beat that was not taken must stay as it is
        while not (self.scoreboard.enough or idle > PATIENCE):
            await RisingEdge(dut.clk)
            cycle += 1
            idle += 1
            if self.steps and self.steps.clock():
                idle = 0
            if dut.m_axis_tvalid.value != 1:
                assert waits is None, "m_axis: TVALID falls before TREADY"
                if dut.irq.value == 1:
                    break
                continue
            beat = int(dut.m_axis_tdata.value), int(dut.m_axis_tkeep.value), int(dut.m_axis_tlast.value)
            assert waits in (None, beat), "m_axis: a beat changes before TREADY"
            waits = beat
            if dut.m_axis_tready.value == 1:
                self._beat(*beat, cycle)
                waits, idle = None, 0
        if self.steps:
            self.steps.tell(cycle + 1)
        if self.scoreboard.enough or idle > PATIENCE:
            self.why = "differs" if self.scoreboard.enough else "hangs"

    def _beat(self, data: int, keep: int, last: int, cycle: int) -> None:
        assert self.number < len(self.tensors), "values behind the last tensor"
        tensor, lanes = self.tensors[self.number], self.unit.lanes
        halves = [self.left[i : i + lanes] for i in range(0, self.unit.n_streams, lanes)]
        if not any(halves[self.half]) and any(halves[self.half - 1]):
            self.half = (self.half + 1) % len(halves)
        for place in range(self.unit.values_per_beat):
            kept = keep >> 2 * place & 3
            assert kept in (0, 3), f"tensor '{tensor.name}': TKEEP splits a value: {keep:b}"
            if not kept:
                continue
            stream = place % lanes + self.half * lanes
            self.left[stream] -= 1
            if is_raw(tensor):  # flat: the unit's one stream has all values in the tensor's order
                stream = stream_of(tensor, self.n_values)
            self.n_values += 1
            value = data >> VALUE_BITS * place & 0xFFFF
            assert stream < tensor.n_streams, f"tensor '{tensor.name}': a value of stream {stream}, which it has not"
            self.scoreboard.value(self.number, stream, value, cycle)
        self.half = (self.half + 1) % len(halves)
        if last:
            self.number += 1
            self._first_beat()

    def end(self, bad: tuple[int, int, str] | None) -> int:
        """The end of a run, with the descriptor, stream and status of its first error; how much was compared."""
        for number, tensor in enumerate(self.tensors):
            for stream in range(n_streams(tensor)):
                status = "ok" if bad is None else bad[2] if bad[:2] == (number, stream) else None
                self.scoreboard.end(number, stream, status)
            self.scoreboard.finish(number)
        return self.scoreboard.check()


async def start(dut: Any, image: Image, n_descriptors: int, seed: int | None) -> AxiLiteMaster:
    """The buses, the reset, and a run begun by its registers; with a seed, every channel of every bus pauses."""
    for bus in ("m_axi", "m_axis", "s_axil"):  # which tell of every burst and frame
        logging.getLogger(f"cocotb.top.{bus}").setLevel(logging.WARNING)
    cocotb.start_soon(Clock(dut.clk, CLOCK_NS, "ns").start())
    # Without the reset: the buses rest until it has ended, and Verilator tells of its edge before its value.
    memory = AxiRamRead(AxiReadBus.from_prefix(dut, "m_axi"), dut.clk, size=MEMORY_BYTES)
    registers = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), dut.clk)
    consumer = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis"), dut.clk)
    memory.write(BASE, image.memory)
    write, read = registers.write_if, registers.read_if
    channels = [memory.ar_channel, memory.r_channel, consumer]
    channels += [write.aw_channel, write.w_channel, write.b_channel, read.ar_channel, read.r_channel]
    for number, channel in enumerate(channels):
        channel.set_pause_generator(pauses(None if seed is None else seed + number))
    dut.rst_n.value = 0
    await ClockCycles(dut.clk, 4)
    dut.rst_n.value = 1
    await ClockCycles(dut.clk, 2)

    assert await within(registers.read_dword(ID)) == int.from_bytes(b"TSM1"), "ID is not decoder_axi's"
    await within(registers.write_dwords(DESCRIPTORS, [image.descriptors & 0xFFFFFFFF, image.descriptors >> 32]))
    await within(registers.write_dword(N_DESCRIPTORS, n_descriptors))
    await within(registers.write_dword(IRQ_ENABLE, 1))
    await within(registers.write_dword(CONTROL, 1))
    return registers


async def decode(dut: Any, seed: int | None) -> None:
    """The container, from the start of the run to its registers."""
    container = read_container(os.environ["TSM"])
    kinds = {number: kind for kind, number in LANE_KINDS.items()}
    unit = Unit(kinds[int(dut.Kind.value)], int(dut.Lanes.value), int(dut.TableLog.value))
    image = make_image(container, BASE, unit)
    registers = await start(dut, image, len(container), seed)
    monitor = Monitor(dut, container, unit)
    await monitor.run()
    if monitor.why == "differs":
        monitor.scoreboard.check()
    bad = None
    if monitor.why == "done":
        status = await within(registers.read_dword(STATUS))
        assert status & 1 == 0 and status & 2, f"STATUS {status:#x}: not done"
        if status & 4:
            where = await within(registers.read_dwords(ERROR_DESCRIPTOR, 2))
            assert not where[1] & NO_STREAM, f"STATUS {status:#x}: descriptor {where[0]} could not be used"
            statuses = {number: name for name, number in STATUSES.items()}
            bad = (where[0], where[1], statuses[status >> 8 & 7])
    compared = monitor.end(bad)
    assert monitor.why == "done", f"nothing for {PATIENCE} clocks: the unit hangs"
    assert monitor.number == len(container), "fewer frames than tensors"
    n_values = sum(tensor.n_values for tensor in container)
    assert await within(registers.read_qword(VALUES)) == n_values, "VALUES is not what left the unit"
    monitor.scoreboard.tell(compared)


@cocotb.test()
async def free_running(dut: Any) -> None:
    """No channel pauses."""
    await decode(dut, None)


@cocotb.test()
async def under_pauses(dut: Any) -> None:
    """Every channel pauses at random: COCOTB_RANDOM_SEED repeats it."""
    await decode(dut, cocotb.RANDOM_SEED)
