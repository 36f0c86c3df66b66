"""What an exception of pydantic-ai means to us: refused (a person must act) or an attempt that may be repeated."""

from __future__ import annotations

from lithify.errors import ModelRefused
from lithify.models import statuses
from lithify.models.compatible import root_cause
from lithify.models.retry import AttemptFailed
from lithify.models.statuses import REPEATABLE_STATUS, TOO_MANY_REQUESTS, Endpoint


def failure_of(error: Exception, endpoint: Endpoint, timeout: float) -> ModelRefused | AttemptFailed:
    """The typed failure for whatever pydantic-ai or a provider's SDK raised."""
    from pydantic_ai.exceptions import (
        ModelConnectionError,
        ModelHTTPError,
        ModelQuotaExceededError,
        ModelRequestRejectedError,
        ModelRequestTimeout,
        ModelTimeoutError,
    )

    connecting = isinstance(error, ModelTimeoutError) and error.phase in {"pool", "connect"}
    if isinstance(error, ModelRequestTimeout | ModelTimeoutError) and not connecting:
        return AttemptFailed(
            f"{endpoint} gave no answer within {timeout:g} s",
            advice=statuses.TOO_SLOW,
        )
    if isinstance(error, ModelConnectionError):
        return AttemptFailed(
            f"the connection to {endpoint} failed: {endpoint.clean(root_cause(error))}",
            advice=statuses.NO_CONNECTION,
        )
    refused = isinstance(error, ModelRequestRejectedError | ModelQuotaExceededError)
    if isinstance(error, ModelHTTPError):
        what = endpoint.clean(statuses.words_of(error.body))
        what = f"status {error.status_code}" + (f": {what}" if what else "")
        if not refused and (error.status_code in REPEATABLE_STATUS or error.status_code >= 500):
            limited = error.status_code == TOO_MANY_REQUESTS
            return AttemptFailed(f"{endpoint} answers with {what}", retry_after=error.retry_after, rate_limited=limited)
        return ModelRefused(f"{endpoint} refuses with {what}. {_remedy(error)}")
    if refused:
        return ModelRefused(f"{endpoint} refuses: {endpoint.clean(str(error))}. {_remedy(error)}")
    return AttemptFailed(
        f"{endpoint} gave an answer that cannot be read ({endpoint.clean(f'{type(error).__name__}: {error}')})",
        advice=statuses.UNREADABLE,
    )


def _remedy(error: Exception) -> str:
    from pydantic_ai.exceptions import (
        ModelAuthenticationError,
        ModelContextWindowExceededError,
        ModelNotFoundError,
        ModelQuotaExceededError,
    )

    suggested = getattr(error, "suggested_model_id", None)
    if suggested:
        return f"Did you mean {suggested!r}?"
    if isinstance(error, ModelAuthenticationError):
        return statuses.KEY
    if isinstance(error, ModelNotFoundError):
        return statuses.UNKNOWN
    if isinstance(error, ModelContextWindowExceededError):
        return statuses.WINDOW
    if isinstance(error, ModelQuotaExceededError):
        return statuses.QUOTA
    return statuses.OTHERWISE
