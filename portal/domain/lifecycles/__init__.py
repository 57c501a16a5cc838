"""The lifecycles, each a table of transitions and nothing else."""

from portal.domain.lifecycles import children, commitments, imports, supporters, wishes
from portal.domain.machine import Machine

MACHINES: tuple[Machine, ...] = (
    children.MACHINE,
    commitments.MACHINE,
    imports.MACHINE,
    supporters.MACHINE,
    wishes.MACHINE,
)
