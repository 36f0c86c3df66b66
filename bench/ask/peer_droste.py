"""One workload with droste, run by the Python that has it: see drivers.py."""

from __future__ import annotations

from drivers import job, measure
from droste import (
    Budget,
    EnvironmentConfig,
    OpenAICompatClient,
    OpenAICompatSubcallClient,
    RLMConfig,
    create_environment,
    create_environment_context,
    run_rlm,
)
from droste.execution.manifest import RolloutConfiguration

PARALLEL = 16
BUDGET = Budget(tokens=10**9, subcalls=10_000, max_iterations=500, wall_ms=3_600_000)


def main() -> None:
    """Every run has an environment of its own, native: in process, not confined. droste keeps no log by itself."""
    asked = job()
    model = asked.model("python")
    text = asked.text() if asked.workload != "context" else ""
    endpoint = {"base_url": asked.base_url, "api_key": "none"}

    def run() -> object:
        config = EnvironmentConfig(kind="native", budget=BUDGET)
        execution = create_environment_context(config)
        subcalls = OpenAICompatSubcallClient(model=model, context=execution, max_parallel=PARALLEL, **endpoint)
        environment = create_environment(
            config, context=text or asked.text(), registry=None, subcalls=subcalls, execution_context=execution
        )
        rollout = RolloutConfiguration(concurrency=PARALLEL, subcall_model=model)
        return run_rlm(
            "Do the work.",
            environment=environment,
            root_llm=OpenAICompatClient(model=model, **endpoint),
            subcalls=subcalls,
            config=RLMConfig(budget=BUDGET, rollout=rollout),
            context=execution,
        ).answer

    measure(model, run, lambda: None)


if __name__ == "__main__":
    main()
