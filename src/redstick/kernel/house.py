"""The domains that share one journal, and what belongs to each kind of command and event, looked up once."""

from collections.abc import Sequence

import msgspec

from redstick.kernel import evolution, system
from redstick.kernel.domain import Apply, Decide, Domain, EventReader
from redstick.kernel.reactions import Reaction
from redstick.kernel.timers import TimerRule
from redstick.kernel.values import Command, Event

KERNEL = Domain(
    "kernel",
    system.Kernel,
    {
        system.BeginEpoch: system.decide_begin_epoch,
        system.SuspendDomain: system.decide_suspend_domain,
        system.ResumeDomain: system.decide_resume_domain,
        system.ReportFailure: system.decide_report_failure,
        system.ReportBreak: system.decide_report_break,
        system.AnchorHead: system.decide_anchor_head,
        **evolution.DECIDERS,
    },
    {
        system.Rejected: system.apply_nothing,
        system.NothingChanged: system.apply_nothing,
        system.DomainSuspended: system.apply_domain_suspended,
        system.DomainResumed: system.apply_domain_resumed,
        system.ReactionFailed: system.apply_nothing,
        system.EpochBegan: system.apply_epoch_began,
        system.ChainBroken: system.apply_chain_broken,
        system.HeadAnchored: system.apply_head_anchored,
        **evolution.APPLIERS,
    },
    kernel_only=frozenset(
        {system.BeginEpoch, system.SuspendDomain, system.ReportFailure, system.ReportBreak, system.AnchorHead}
    ),
)


class House:
    """Look-ups over the kernel's own domain and the others; raises ValueError for two domains of one name."""

    def __init__(self, domains: Sequence[Domain]) -> None:
        self.domains = {domain.name: domain for domain in (KERNEL, *domains)}
        if len(self.domains) != len(domains) + 1:
            raise ValueError(f"two domains of one name among {[domain.name for domain in domains]}")
        every = self.domains.values()
        self.deciders: dict[type[Command], tuple[str, Decide]] = {
            cls: (domain.name, decide) for domain in every for cls, decide in domain.deciders.items()
        }
        self.appliers: dict[type[Event], tuple[str, Apply]] = {
            cls: (domain.name, apply) for domain in every for cls, apply in domain.appliers.items()
        }
        self.timers: dict[type[Event], TimerRule] = {
            cls: rule for domain in every for cls, rule in domain.timers.items()
        }
        self.reactions: dict[type[Event], list[tuple[str, Reaction]]] = {}
        for domain in every:
            for reaction in domain.reactions:
                self.reactions.setdefault(reaction.on, []).append((domain.name, reaction))
        self.events = EventReader(every)
        self.casts = evolution.Casts(
            {key: up for domain in every for key, up in domain.upcasters.items()},
            {key: down for domain in every for key, down in domain.downcasters.items()},
        )
        self.kinds = {cls.event_kind: cls.event_version for cls in self.appliers}
        self.kernel_only = frozenset(command for domain in every for command in domain.kernel_only)
        self.urgent = frozenset(command for domain in every for command in domain.urgent)
        self.retirements = frozenset(domain.recall.retired for domain in every if domain.recall is not None)
        self._commands = {cls.command_kind: msgspec.json.Decoder(cls) for cls in self.deciders}

    def read_command(self, kind: str, body: bytes) -> Command | None:
        """A command from its kind and its JSON; None for a kind that no domain here decides.

        Raises msgspec.MsgspecError when the body is not such a command.
        """
        decoder = self._commands.get(kind)
        return None if decoder is None else decoder.decode(body)

    @property
    def fold_versions(self) -> dict[str, int]:
        """The fold version of each domain, by name."""
        return {name: domain.fold_version for name, domain in self.domains.items()}
