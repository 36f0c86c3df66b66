"""What all tests have in common."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No test times anything: how long an example takes is the machine's affair.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
