"""The Han characters that are written most: where one of them stands, no one is hiding another."""

from __future__ import annotations

__all__ = ["COMMON", "GENERIC"]

GENERIC: frozenset[str] = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说"
    "产种面而方后多定行学法所民得经十三之进着等部度家里如自二起小现都两当使点从本去把好还因由其些然前"
)
"""Characters that go with almost any other: sharing one says nothing."""

COMMON: frozenset[str] = GENERIC | frozenset(
    "电力水化高理物实加量体制机业性应开它合外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看"
    "原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题程展五果料象员位"
    "入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放"
    "决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受"
    "联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离"
    "华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复"
    "容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往历市克何除消构府称太准精值号"
    "率族划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红"
    "细引听该铁价严弟底吗吧啊呢哪谁让跟吃喝买卖女男爸妈哥姐妹爱笑哭玩城读钱找等怕搜"
)
"""The five hundred or so that are met most, and words of talk: rarely a disguise."""
