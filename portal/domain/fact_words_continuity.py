"""What the facts of continuity are called: leaving, reviews, hand-overs, moves."""

from __future__ import annotations

from collections.abc import Mapping

CONTINUITY: Mapping[str, str] = {
    "child.arrive": "接收迁入的儿童档案",
    "child.leave": "儿童档案迁出",
    "child_transfer.begin": "提出儿童迁移",
    "child_transfer.unanswered": "提醒答复儿童迁移",
    "handover.begin": "写交接页",
    "handover.open": "交接页已给下一位结对人看",
    "pairing.age_near": "提醒孩子快满18周岁",
    "pairing.change_contact": "更换结对的联系人",
    "pairing.interview": "登记结束访谈",
    "pairing.interview_due": "提醒做结束访谈",
    "pairing.leaving": "结对需要接手",
    "pairing.move": "结对随孩子迁移",
    "pairing.review": "复核结对",
    "pairing.stay": "商定结对继续",
}
