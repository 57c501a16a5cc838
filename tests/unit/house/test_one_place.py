"""Things that are written once: who commits, who sets a status, who opens the whole tree."""

import ast

from tests.unit.house import source

#: Who may set a status without ``fire``, and why.
STATUS_WRITERS = {
    "portal/core/transitions.py": "fire and begin are the engine",
}
#: Who may end a transaction, and why.
COMMITTERS = {
    "portal/core/unit_of_work.py": "one commit at the edge",
}
#: Who opens the whole tree, and why. A new caller is a decision, made here.
WIDE_SCOPES = {
    "portal/cli/scale.py:command": "fills an empty database with made-up rows for measuring",
    "portal/cli/administrator.py:command": "nobody stands yet in whose units it could be done",
    "portal/cli/reseal.py:command": "the key of every sealed column changes, whoever's row it is",
    "portal/cli/units.py:load": "the tree itself belongs to no unit",
    "portal/cli/units.py:open_one": "the tree itself belongs to no unit",
    "portal/services/programme_drafts.py:_number": "a code is an address of the whole portal",
    "portal/services/need_applications.py:apply": "a card names a need of any county",
    "portal/queries/need_standing.py:_applied": "one's own application, by the card it answers",
    "portal/demo/load.py:is_loaded": "the demo refuses a database that holds any child",
    "portal/demo/load.py:load": "the demo plays several authorities",
    "portal/jobs/certificates.py:begin": "prints what a machine without type had left, everywhere",
    "portal/jobs/runner.py:_act": "time-driven moves (lapse, expiry, windows) concern every unit",
    "portal/notices/collect.py:owe_mails": "who must be told is more than the actor may read",
    "portal/queries/contact_cards.py:by_serial": "a stranger holds a card; the answer names nobody",
    "portal/queries/certificates.py:by_serial": "a stranger holds a paper; the answer is masked",
    "portal/scenarios/clockwork.py:_tick": "a story's clock moves every unit's deadlines",
    "portal/scenarios/player.py:_scope": "a story's steps of the system itself",
    "portal/jobs/audit.py:check": "the newest seal is everybody's",
    "portal/services/audit_checks.py:check": "the chain covers every unit's memory; ids and digests",
    "portal/services/audit_checks.py:look": "the chain covers every unit's memory; ids and digests",
    "portal/services/audit_seals.py:_anchor": "the chain covers every unit's memory; ids and digests",
    "portal/services/audit_seals.py:_seal": "the chain covers every unit's memory; ids and digests",
    "portal/services/claims.py:_claim": "a supporter reaches the wish behind a public card",
    "portal/services/standings.py:_let_go": "what hangs on a standing may lie in any county",
    "portal/services/unit_moves.py:carry_out": "a change of the tree rewrites every row below it",
    "portal/cli/rights.py:forget": "retention concerns every unit",
    "portal/cli/rights.py:restore_tombstones": "a restored backup forgets again whom it must",
    "portal/queries/grievances.py:progress": "a receipt code shows its own row",
    "portal/services/erasure.py:child": "a child is erased wherever something about them lies",
    "portal/services/erasure.py:supporter": "a supporter is erased in every county of a promise",
    "portal/services/grievances.py:look_up": "a receipt code names its own row",
    "portal/services/guardians.py:find": "a guardian's link names its own row",
    "portal/services/returns.py:give_back": "a supporter gives the wish behind the promise back",
}


def assigned_attributes(node):
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    for target in targets:
        for part in ast.walk(target) if target is not None else ():
            if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
                yield part.attr


def test_only_the_engine_assigns_a_status():
    writers = {
        module.name
        for module in source.modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        and "status" in assigned_attributes(node)
    }
    setters = {
        module.name
        for module in source.modules()
        for _, call in source.calls(module.tree)
        if source.called(call) == "setattr"
        and any(isinstance(arg, ast.Constant) and arg.value == "status" for arg in call.args)
    }
    assert writers | setters == set(STATUS_WRITERS)


def test_only_the_unit_of_work_commits():
    committers = {
        module.name
        for module in source.modules()
        for _, call in source.calls(module.tree)
        if source.called(call) == "commit"
        and isinstance(call.func, ast.Attribute)
        # unit_of_work.commit() is the one door; everything else is a second one.
        and ast.unparse(call.func.value) not in {"unit_of_work", "uow"}
    }
    assert committers == set(COMMITTERS)


def test_every_caller_that_opens_the_whole_tree_is_listed():
    found = {
        f"{module.name}:{where}"
        for module in source.modules()
        for where, call in source.calls(module.tree)
        if source.called(call) in {"everywhere", "system_scope"}
    }
    assert found == set(WIDE_SCOPES)


def test_no_caller_writes_the_root_path_as_a_scope_by_hand():
    allowed = {"portal/core/scope.py", "portal/core/unit_of_work.py"}
    found = {
        module.name
        for module in source.modules()
        for _, call in source.calls(module.tree)
        if source.called(call) == "Scope" and "'/'" in ast.unparse(call)
    }
    assert found <= allowed


def test_the_switch_of_the_orm_wall_is_for_tests():
    users = {
        module.name
        for module in source.modules()
        if "orm_wall_off" in module.text and module.name != "portal/core/scope.py"
    }
    assert users == set()


def test_the_version_that_a_form_sends_back_is_read_in_one_place():
    """There a broken one is a stale one; ``get("version", type=int)`` would let it pass unasked."""
    readers = {
        module.name
        for module in source.modules()
        for _, call in source.calls(module.tree)
        if source.called(call) in {"get", "getlist"}
        and any(isinstance(arg, ast.Constant) and arg.value == "version" for arg in call.args)
    }
    assert readers == {"portal/web/values.py"}
