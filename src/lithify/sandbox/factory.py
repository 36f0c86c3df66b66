"""Which sandbox this machine gets."""

from __future__ import annotations

import sys

from lithify.errors import SandboxUnavailable
from lithify.ports import Sandbox, SandboxSpec


async def start_sandbox(spec: SandboxSpec) -> Sandbox:
    """Start a sandbox: lithify.ports.SandboxFactory.

    On Linux the kernel confines; elsewhere pydantic-monty interprets, when spec.adapter asks for it or leaves the
    choice. Use the sandbox, and the sessions it opens, from the event loop it was started in. Raises
    SandboxUnavailable when this machine cannot confine code to spec.floor, BadSettings for an unknown layer.
    """
    if spec.adapter == "monty" or (spec.adapter == "auto" and sys.platform != "linux"):
        from lithify.sandbox.monty import MontySandbox

        return await MontySandbox.start(spec)
    if sys.platform != "linux":
        raise SandboxUnavailable(f"the kernel sandbox needs Linux; this is {sys.platform}: use the adapter monty")
    from lithify.sandbox.kernel import KernelSandbox

    return await KernelSandbox.start(spec)
