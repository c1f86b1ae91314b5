"""What a person should know before a plan is trusted: rules that never answer, incidents that no rule answers."""

from redstick.dispatch.plans.linter.lint import Ground, lint

__all__ = ["Ground", "lint"]
