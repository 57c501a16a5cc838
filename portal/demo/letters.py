"""Letters, the child's words and a star of the demo's first pairing."""

from __future__ import annotations

from portal.demo import pairings
from portal.demo.accounts import COUNTY
from portal.demo.supporters import Crowd
from portal.demo.timeline import Timeline, act

_FIRST = (
    "你好呀！上次见面你说喜欢下雨天，这周真的下了三天雨，我把阳台上的辣椒都搬进了屋里。"
    "你的数学怎么样了？不用着急，一天弄懂一道题就很好。下次见面我带那本讲星星的书给你看。"
)
_REPLY = (
    "谢谢您的信，我看了好几遍。我家的辣椒也红了。数学考了八十六分，老师说我进步了。"
    "星星的书我很想看。"
)
_SECOND = "八十六分，真为你高兴！星星的书我已经包好了书皮。天凉了，记得多穿一件衣服。"
_AROUND = "这个周末有空吗？你打我电话12012345678，我去接你，到我家来玩吧。"


def tell(story: Timeline, crowd: Crowd) -> None:
    """Let letters go both ways: handed over, waiting to be read, sent back by the linter."""
    mentor, _ = pairings.person(crowd, COUNTY, 0)
    director, of = "$nc1.director", {"pairing_id": "$pairing"}
    _heard(story, director, of)
    story.add(30, "20:10", act(mentor, "letter.write", "letter1", **of, text=_FIRST))
    story.add(29, "09:30", act("county", "letter.approve", letter_id="$letter1"))
    handed = {"letter_id": "$letter1", "handed_over_on": "today-27d"}
    story.add(27, "16:00", act(director, "letter.hand_over", **handed))
    said = {**of, "text": _REPLY, "written_on": "today-23d"}
    story.add(22, "10:00", act(director, "letter.take_down", "reply1", **said))
    story.add(21, "09:30", act("county", "letter.approve", letter_id="$reply1"))
    story.add(3, "20:30", act(mentor, "letter.write", **of, text=_SECOND))
    story.add(2, "21:00", act(mentor, "letter.write", **of, text=_AROUND))


def _heard(story: Timeline, director: str, of: dict[str, str]) -> None:
    first = {"moment": "start", "face": "so_so", "words": "有点紧张，不知道说什么。"}
    later = {"moment": "middle", "face": "happy", "words": "他会认真听我说话，还教我分数。"}
    story.add(38, "17:00", act(director, "voice.hear", **of, **first))
    story.add(12, "17:00", act(director, "voice.hear", "voice1", **of, **later))
    thanks = {"voice_id": "$voice1", "sentence": "谢谢您认真听我说话"}
    story.add(11, "10:00", act("county", "voice.pass_on", **thanks))
    star = {"reason_code": "listening", "words": "每次见面都先听孩子说完"}
    story.add(10, "10:00", act("county2", "star.give", **of, **star))
