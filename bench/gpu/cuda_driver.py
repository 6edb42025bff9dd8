"""The CUDA driver, as far as timing needs it: a stream, events on it, and memory to be set. Nothing but the driver.

The context is the device's primary one, which the CUDA runtime of a library shares.
"""
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import ctypes
from typing import Any

Event = ctypes.c_void_p


class NoDeviceError(RuntimeError):
    """There is no device to run on; the text says why."""


class Driver:
    """Device 0 and one stream of it. Raises NoDeviceError."""

    def __init__(self) -> None:
        try:
            self._cuda = ctypes.CDLL("libcuda.so.1")
        except OSError as error:
            raise NoDeviceError("no CUDA driver is installed") from error
        if (code := self._cuda.cuInit(0)) != 0:
            raise NoDeviceError(f"the CUDA driver finds no device (error {code})")
        n_devices, context, stream = ctypes.c_int(), ctypes.c_void_p(), ctypes.c_void_p()
        self._call("cuDeviceGetCount", ctypes.byref(n_devices))
        if n_devices.value == 0:
            raise NoDeviceError("the CUDA driver finds no device")
        self._call("cuDevicePrimaryCtxRetain", ctypes.byref(context), ctypes.c_int(0))
        self._call("cuCtxSetCurrent", context)
        self._call("cuStreamCreate", ctypes.byref(stream), ctypes.c_uint(1))  # not ordered with the default stream
        self._stream = stream

    def _call(self, name: str, *arguments: Any) -> None:
        code = getattr(self._cuda, name)(*arguments)
        if code != 0:
            raise RuntimeError(f"{name} failed with error {code}")

    @property
    def stream(self) -> int:
        return int(self._stream.value or 0)

    def name(self) -> str:
        text = ctypes.create_string_buffer(256)
        self._call("cuDeviceGetName", text, ctypes.c_int(len(text)), ctypes.c_int(0))
        return text.value.decode()

    def event(self) -> Event:
        event = Event()
        self._call("cuEventCreate", ctypes.byref(event), ctypes.c_uint(0))
        return event

    def record(self, event: Event) -> None:
        self._call("cuEventRecord", event, self._stream)

    def seconds_between(self, start: Event, stop: Event) -> float:
        """Waits for `stop`."""
        milliseconds = ctypes.c_float()
        self._call("cuEventSynchronize", stop)
        self._call("cuEventElapsedTime", ctypes.byref(milliseconds), start, stop)
        return milliseconds.value / 1000

    def wait(self) -> None:
        self._call("cuStreamSynchronize", self._stream)

    def fill(self, address: int, byte: int, n_bytes: int) -> None:
        self._call(
            "cuMemsetD8Async", ctypes.c_uint64(address), ctypes.c_ubyte(byte), ctypes.c_size_t(n_bytes), self._stream
        )
