"""NVIDIA's management library by its C interface: which GPUs there are and how busy they are.

It asks the driver and never starts CUDA, so the host may hold it open beside children that do.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

LIBRARY = 'libnvidia-ml.so.1'
_TEXT_BYTES = 96


class NvmlError(Exception):
    """A call that the driver refused; the message is NVML's own."""


@dataclass(frozen=True)
class Found:
    """What does not change of a GPU. `minor` numbers its device node."""

    index: int
    uuid: str
    name: str
    minor: int


@dataclass(frozen=True)
class Use:
    memory_total_bytes: int
    memory_used_bytes: int
    utilisation_percent: int
    """Share of the last sample in which something ran on it; 0 where the device does not tell."""


class _Memory(ctypes.Structure):
    _fields_ = (('total', ctypes.c_ulonglong), ('free', ctypes.c_ulonglong), ('used', ctypes.c_ulonglong))


class _Rates(ctypes.Structure):
    _fields_ = (('gpu', ctypes.c_uint), ('memory', ctypes.c_uint))


class Nvml:
    """Open until `close`. Calls may come from any thread; they take some milliseconds."""

    def __init__(self, library: str = LIBRARY) -> None:
        try:
            self._library = ctypes.CDLL(library)
        except OSError as error:
            raise NvmlError(f'{library} cannot be loaded: {error}') from error
        self._library.nvmlErrorString.restype = ctypes.c_char_p
        self._call('nvmlInit_v2')

    def found(self) -> list[Found]:
        """All GPUs, in the driver's order."""
        count = ctypes.c_uint()
        self._call('nvmlDeviceGetCount_v2', ctypes.byref(count))
        return [self._found(index) for index in range(count.value)]

    def use(self, index: int) -> Use:
        """How busy a GPU is now. NvmlError when it has fallen off its bus."""
        handle = self._handle(index)
        memory = _Memory()
        self._call('nvmlDeviceGetMemoryInfo', handle, ctypes.byref(memory))
        rates = _Rates()
        try:
            self._call('nvmlDeviceGetUtilizationRates', handle, ctypes.byref(rates))
        except NvmlError:
            pass  # Shares of a GPU do not tell.
        return Use(memory.total, memory.used, rates.gpu)

    def close(self) -> None:
        self._call('nvmlShutdown')

    def _found(self, index: int) -> Found:
        handle = self._handle(index)
        minor = ctypes.c_uint()
        self._call('nvmlDeviceGetMinorNumber', handle, ctypes.byref(minor))
        uuid, name = (self._text(f'nvmlDeviceGet{what}', handle) for what in ('UUID', 'Name'))
        return Found(index, uuid, name, minor.value)

    def _handle(self, index: int) -> ctypes.c_void_p:
        handle = ctypes.c_void_p()
        self._call('nvmlDeviceGetHandleByIndex_v2', ctypes.c_uint(index), ctypes.byref(handle))
        return handle

    def _text(self, function: str, handle: ctypes.c_void_p) -> str:
        text = ctypes.create_string_buffer(_TEXT_BYTES)
        self._call(function, handle, text, ctypes.c_uint(_TEXT_BYTES))
        return text.value.decode('utf-8', 'replace')

    def _call(self, function: str, *values: object) -> None:
        code = getattr(self._library, function)(*values)
        if code:
            message = self._library.nvmlErrorString(code) or b''
            raise NvmlError(f'{function}: {message.decode("utf-8", "replace")} ({code})')
