"""Running code that a model wrote, confined by the kernel, as fast as plain Python."""

from lithify.ports import HostFunction, Sandbox, SandboxFactory, SandboxSpec, Session
from lithify.sandbox.factory import start_sandbox
from lithify.sandbox.layers import LayerState, explain

__all__ = [
    "HostFunction",
    "LayerState",
    "Sandbox",
    "SandboxFactory",
    "SandboxSpec",
    "Session",
    "explain",
    "start_sandbox",
]
