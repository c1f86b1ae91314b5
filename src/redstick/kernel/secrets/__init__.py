"""Secrets: personal fields are sealed, and retention is the destruction of the keys that open them.

Journal, state, snapshots, ledgers and exports hold handles; the chain covers the encrypted text, so it still verifies
when nothing opens any more. Keys live in a ring outside the journal and its backups.
"""

from redstick.kernel.domain import Domain
from redstick.kernel.secrets import classes, holds, retention
from redstick.kernel.secrets.state import Secrets

domain = Domain(
    name="secrets",
    state=Secrets,
    deciders={
        classes.DeclareClass: classes.decide_declare_class,
        holds.PlaceHold: holds.decide_place_hold,
        holds.LiftHold: holds.decide_lift_hold,
        retention.Sweep: retention.decide_sweep,
        retention.Expunge: retention.decide_expunge,
        retention.ConfirmErasure: retention.decide_confirm_erasure,
    },
    appliers={
        classes.ClassDeclared: classes.apply_class_declared,
        classes.KeyMade: classes.apply_key_made,
        holds.HoldPlaced: holds.apply_hold_placed,
        holds.HoldLifted: holds.apply_hold_lifted,
        retention.KeyDestroyed: retention.apply_key_destroyed,
        retention.KeyErased: retention.apply_key_erased,
        retention.DestructionCompleted: retention.apply_destruction_completed,
        retention.Swept: retention.apply_swept,
    },
    timers={
        classes.ClassDeclared: retention.time_sweep,
        retention.Swept: retention.time_sweep,
        holds.HoldPlaced: holds.time_hold,
        holds.HoldLifted: holds.time_no_hold,
    },
    kernel_only=frozenset({retention.Sweep}),
)
