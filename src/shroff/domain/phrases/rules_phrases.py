"""What is said about rule packs, (English, 中文) by key; ``rules.r101`` is the finding R101."""

from __future__ import annotations

from shroff.domain.phrases import regex_phrases

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    **regex_phrases.PHRASES,
    "rules.r001": ("this is not YAML: {problem}", "不是合法的 YAML：{problem}"),
    "rules.r001.tab": (
        "a tab cannot indent YAML; use spaces",
        "YAML 不能用制表符缩进，请改用空格",
    ),
    "rules.r001.character": (
        "the character {code} may not stand in a YAML file; write it as an escape in double quotes",
        "YAML 文件中不能出现字符 {code}，请在双引号内用转义写出",
    ),
    "rules.r001.empty": ("the file is empty", "文件为空"),
    "rules.r002": ("there is no key '{key}' here", "此处没有键“{key}”"),
    "rules.r002.close": (
        "there is no key '{key}' here; did you mean '{close}'?",
        "此处没有键“{key}”；是否想写“{close}”？",
    ),
    "rules.r003": (
        "the key '{key}' stands here twice; first in line {line}",
        "键“{key}”重复；首次出现在第 {line} 行",
    ),
    "rules.r004.key": ("a key must be a plain text", "键必须是文本"),
    "rules.r004.text": ("'{key}' must be a text", "“{key}”必须是文本"),
    "rules.r004.texts": ("'{key}' must be a list of texts", "“{key}”必须是文本列表"),
    "rules.r004.list": ("'{key}' must be a list", "“{key}”必须是列表"),
    "rules.r004.mapping": ("'{key}' must have keys of its own", "“{key}”必须包含下级键"),
    "rules.r004.number": ("'{key}' must be a whole number", "“{key}”必须是整数"),
    "rules.r004.flag": ("'{key}' must be on or off", "“{key}”必须是 on 或 off"),
    "rules.r004.date": (
        "'{key}' must be a date like 2027-06-30",
        "“{key}”必须是形如 2027-06-30 的日期",
    ),
    "rules.r004.value": (
        "a value of a column must be a text, a number, true or false",
        "列的值必须是文本、数字、true 或 false",
    ),
    "rules.r004.span": (
        "a span is two numbers, [start, end], counted in characters from 0",
        "span 是两个数字 [start, end]，按字符从 0 计",
    ),
    "rules.r005": ("'{key}' is missing", "缺少“{key}”"),
    "rules.r006": (
        "'{value}' is not possible for '{key}'; one of {choices} is",
        "“{key}”不能是“{value}”；可选：{choices}",
    ),
    "rules.r006.close": (
        "'{value}' is not possible for '{key}'; did you mean '{close}'?",
        "“{key}”不能是“{value}”；是否想写“{close}”？",
    ),
    "rules.r006.range": (
        "'{key}' must be from {low} to {high}",
        "“{key}”必须在 {low} 到 {high} 之间",
    ),
    "rules.r006.id": (
        "'{value}' cannot be a name: use letters, digits, '.', '-' and '_'",
        "“{value}”不能用作名称：请只用字母、数字、“.”、“-”和“_”",
    ),
    "rules.r006.span": (
        "the span {start}-{end} is not inside the text, which has {length} characters",
        "span {start}-{end} 超出文本范围（共 {length} 个字符）",
    ),
    "rules.r007.alias": (
        "aliases (*name) are not used in packs; share words by 'lists' and $name",
        "规则包不支持别名（*name）；请用 lists 与 $name 共享词语",
    ),
    "rules.r007.anchor": (
        "anchors (&name) are not used in packs; share words by 'lists' and $name",
        "规则包不支持锚点（&name）；请用 lists 与 $name 共享词语",
    ),
    "rules.r007.tag": (
        "tags (!name) are not used in packs; quote a text that begins with '!'",
        "规则包不支持标签（!name）；以“!”开头的文本请加引号",
    ),
    "rules.r007.documents": (
        "a file holds one pack; a second one begins here",
        "一个文件只放一个规则包；此处开始了第二个",
    ),
    "rules.r008": (
        "the file is too large: at most {most:count} characters",
        "文件过大：最多 {most:count} 个字符",
    ),
    "rules.r008.deep": (
        "this stands too deep inside: at most {most} levels",
        "嵌套过深：最多 {most} 层",
    ),
    "rules.r008.term": (
        "a term has at most {most} characters; use near for what is further apart",
        "词语最多 {most} 个字符；相隔更远请用 near",
    ),
    "rules.r009": ("there is no list '{name}'", "没有列表“{name}”"),
    "rules.r009.close": (
        "there is no list '{name}'; did you mean '${close}'?",
        "没有列表“{name}”；是否想写“${close}”？",
    ),
    "rules.r010": (
        "the rule '{id}' stands elsewhere already: {other}",
        "规则“{id}”已在别处定义：{other}",
    ),
    "rules.r011": ("a term has at least one character", "词语至少要有一个字符"),
    "rules.r012.none": (
        "this says nothing; one of {choices} must stand here",
        "此处没有条件；应写 {choices} 之一",
    ),
    "rules.r012.several": (
        "'{first}' and '{second}' cannot stand side by side; put both under 'all'",
        "“{first}”与“{second}”不能并列；请一起放入 all",
    ),
    "rules.r012.empty": ("'{key}' has no parts", "“{key}”没有内容"),
    "rules.r012.near": (
        "'near' takes two or more parts, each words, regular expressions or any of them",
        "near 需要两个及以上的部分，每部分为词语、正则或其任选",
    ),
    "rules.r012.count": (
        "'count' counts words and regular expressions only",
        "count 只统计词语与正则",
    ),
    "rules.r012.within": (
        "'near' needs either 'within' (characters) or 'words'",
        "near 需要 within（字符数）或 words（词数）之一",
    ),
    "rules.r012.test": (
        "a column needs one test: {choices}",
        "列条件需要且只需要一种判断：{choices}",
    ),
    "rules.r102": (
        "this matches even where there is nothing; make a part of it necessary",
        "此正则可匹配空文本；请让其中一部分必须出现",
    ),
    "rules.r103": ("this matches nearly every ad", "几乎所有广告都会命中"),
    "rules.r104": ("no text can match this", "任何文本都不可能命中"),
    "rules.r104.emptied": (
        "no character of this class is left after normalisation (letters lose their case there)",
        "归一化后此字符类为空（归一化会统一大小写）",
    ),
    "rules.r105": (
        "normalisation drops this from every text, so it is ignored here too",
        "归一化会去掉所有文本中的该字符，因此这里也忽略它",
    ),
    "rules.r106": (
        "look-alike letters are read as Latin ones, so this class holds some Latin letters, too",
        "形近字母会按拉丁字母读取，因此此字符类也包含部分拉丁字母",
    ),
    "rules.r107": (
        "other engines may take exponential time on '{part}'; Shroff's does not",
        "其他正则引擎在“{part}”处可能耗时呈指数级；本引擎不会",
    ),
    "rules.r107.slow": (
        "in other engines time may grow with the length of a text to the power of {degree};"
        " in Shroff's it does not",
        "其他正则引擎耗时可能随文本长度的 {degree} 次方增长；本引擎不会",
    ),
    "rules.r108": (
        "Hyperscan does not take this ({reason}); it is matched in a slower way",
        "Hyperscan 不接受此正则（{reason}）；将以较慢方式匹配",
    ),
    "rules.r201": (
        "nothing is left of this term after normalisation",
        "归一化后此词语为空",
    ),
    "rules.r202": (
        "'{other}' hits wherever this hits, so this adds nothing",
        "凡此词命中处“{other}”都会命中，此词多余",
    ),
    "rules.r203": (
        "the allow phrase '{other}' wins wherever this hits",
        "凡此词命中处，放行短语“{other}”都会优先",
    ),
    "rules.r204": (
        "no term of the rule can stand inside this allow phrase, so it changes nothing",
        "规则中没有词语会落在此放行短语内，它不起作用",
    ),
    "rules.r205": ("this stands here already, in line {line}", "此处重复，已在第 {line} 行写过"),
    "rules.r205.folded": (
        "after normalisation this is the same as '{other}' in line {line}",
        "归一化后与第 {line} 行的“{other}”相同",
    ),
    "rules.r206": (
        "'{term}' is so short that it will hit inside much else; add letters, or near or allow",
        "“{term}”过短，容易误中；请加长，或配合 near、allow",
    ),
    "rules.r207": ("no rule uses the list '{name}'", "没有规则使用列表“{name}”"),
    "rules.r301": (
        "this fires exactly when {other} does",
        "与 {other} 的命中条件完全相同",
    ),
    "rules.r302": (
        "this shares {share:percent} of its terms with {other}",
        "与 {other} 有 {share:percent} 的词语相同",
    ),
    "rules.r303": (
        "there is no example that the rule must match",
        "没有“必须命中”的示例",
    ),
    "rules.r304": (
        "there is no near miss: an example that the rule must not match",
        "没有反例：“不得命中”的相近示例",
    ),
    "rules.r305": ("the rule does not match this example", "规则未命中此示例"),
    "rules.r306": (
        "the rule matches this example, which it must not: '{matched}'",
        "规则误中此示例：“{matched}”",
    ),
    "rules.r307": (
        "the rule matches, but at {found}, not at {wanted}",
        "规则命中，但位置是 {found}，而非 {wanted}",
    ),
    "rules.r308": ("the rule expired on {date}", "规则已于 {date} 过期"),
    "rules.r309": ("the rule expires on {date}", "规则将于 {date} 过期"),
    "rules.r310": ("there is no policy '{policy}'", "没有政策“{policy}”"),
    "rules.r310.close": (
        "there is no policy '{policy}'; did you mean '{close}'?",
        "没有政策“{policy}”；是否想写“{close}”？",
    ),
    "rules.r311": ("the rule names no policy", "规则没有指明政策"),
    "rules.r312": (
        "this holds for every ad without such words; it must also say what to look for",
        "凡不含这些词的广告都会命中；还须写明要找什么",
    ),
    "rules.r312.columns": (
        "this looks at columns only, so it fires whatever the ad says",
        "这里只判断列，无论广告写什么都会命中",
    ),
    "rules.r313": (
        "this can never hold: '{part}' is wanted and excluded",
        "永不成立：“{part}”既要求出现又被排除",
    ),
    "rules.r314": (
        "the rule takes {micros:number} µs a text by itself, {times:number} times the usual",
        "此规则单独耗时每条 {micros:number} 微秒，是通常的 {times:number} 倍",
    ),
    "rules.r315": (
        "'{part}' hits {share:percent} of the {texts:count} texts",
        "“{part}”命中 {texts:count} 条文本中的 {share:percent}",
    ),
    "rules.r315.rule": (
        "the rule hits {share:percent} of the {texts:count} texts",
        "规则命中 {texts:count} 条文本中的 {share:percent}",
    ),
    "rules.query.too_long": (
        "a query has at most {most:count} characters",
        "查询最多 {most:count} 个字符",
    ),
    "rules.query.too_deep": (
        "parentheses stand at most {most} deep",
        "括号最多嵌套 {most} 层",
    ),
    "rules.query.empty": ("the query says nothing", "查询为空"),
    "rules.query.empty_phrase": ("there is nothing between these", "引号之间没有内容"),
    "rules.query.only_excludes": (
        "this says only what must not be there, or which ads; say also what to look for",
        "这里只写了要排除的内容或广告范围；还须写明要找什么",
    ),
    "rules.query.ends": ("something must follow here", "此处之后还应有内容"),
    "rules.query.misplaced": (
        "'{sign}' must stand between two things",
        "“{sign}”两侧都要有内容",
    ),
    "rules.query.unclosed": ("the {sign} is never closed", "{sign} 没有闭合"),
    "rules.query.open_parenthesis": ("this parenthesis is never closed", "此括号没有闭合"),
    "rules.query.extra_parenthesis": (
        "this parenthesis was never opened",
        "此括号没有对应的左括号",
    ),
    "rules.query.two_distances": (
        "one chain has one distance; put a part in parentheses",
        "同一串只能用一种距离；请用括号分组",
    ),
    "rules.query.near": (
        "NEAR and BEFORE stand between words, patterns, or several of them with OR",
        "NEAR 与 BEFORE 两侧须为词语、正则，或用 OR 连接的多个词",
    ),
    "rules.query.count": ("say how often: COUNT(...)>=3", "请写明次数：COUNT(...)>=3"),
    "rules.query.counts_words": (
        "COUNT counts words and patterns, or several of them with OR",
        "COUNT 只统计词语、正则，或用 OR 连接的多个词",
    ),
    "rules.query.one_value": ("compare with one value", "只能与一个值比较"),
    "rules.query.no_value": (
        "say which value '{name}' must have",
        "请写明“{name}”的取值",
    ),
    "rules.query.no_field": (
        "there is no such field; fields are {names}",
        "没有这个字段；可用字段：{names}",
    ),
    "rules.query.inner_field": (
        "'field:' holds for the whole query; here write title: or body: before its part",
        "“field:”对整个查询有效；此处请在该部分前写 title: 或 body:",
    ),
    "rules.lint.mended": ("{count} put right", "已修正 {count} 处"),
    "rules.lint.summary": (
        "packs: {packs}; rules: {rules}; errors: {errors}; warnings: {warnings}",
        "{packs} 个规则包共 {rules} 条规则：{errors} 个错误，{warnings} 个警告",
    ),
}
